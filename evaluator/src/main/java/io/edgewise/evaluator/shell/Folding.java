// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.Inbound;
import io.edgewise.evaluator.Lane;
import io.edgewise.evaluator.LaneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Folds records into their lane. One that this program fails on is refused when it is read the next time: it must not
/// hold up the ones behind it.
final class Folding {
    private static final Logger LOG = LoggerFactory.getLogger(Folding.class);

    private final Map<LaneId, Long> poison = new HashMap<>();

    void fold(Lane lane, List<ConsumerRecord<byte[], byte[]>> records) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Inbound inbound = Arrivals.of(record);
            Long refused = poison.isEmpty() ? null : poison.get(lane.id());
            if (refused != null && refused == record.offset()) {
                lane.refuse(inbound, "the evaluator failed on this record; see its log");
                poison.remove(lane.id());
            } else {
                accept(lane, inbound);
            }
        }
    }

    private void accept(Lane lane, Inbound inbound) {
        try {
            lane.accept(inbound);
        } catch (DatabaseTrouble e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error(
                    "Record {} of {} cannot be folded; it will be read again and put to the dead letters.",
                    inbound.offset(),
                    lane.id(),
                    e);
            poison.put(lane.id(), inbound.offset());
            throw e;
        }
    }
}
