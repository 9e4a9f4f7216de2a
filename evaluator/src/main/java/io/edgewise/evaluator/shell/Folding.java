// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.Inbound;
import io.edgewise.evaluator.Lane;
import io.edgewise.evaluator.LaneId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Folds records into their lane. Those that this program fails on are refused when they are read the next time: they
/// must not hold up the ones behind them.
final class Folding {
    private static final Logger LOG = LoggerFactory.getLogger(Folding.class);

    /// By lane the offsets of records that could not be folded, until the lane is stored past them: they
    /// are read again as often as all that was counted since is thrown away.
    private final Map<LaneId, NavigableSet<Long>> poison = new HashMap<>();

    void fold(Lane lane, List<ConsumerRecord<byte[], byte[]>> records) {
        Set<Long> refused = poison.getOrDefault(lane.id(), Collections.emptyNavigableSet());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            Inbound inbound = Arrivals.of(record);
            if (!refused.isEmpty() && refused.contains(record.offset())) {
                lane.refuse(inbound, "the evaluator failed on this record; see its log");
            } else {
                accept(lane, inbound);
            }
        }
    }

    /// What lies before this offset of the lane is not read again.
    void stored(LaneId lane, long nextOffset) {
        NavigableSet<Long> refused = poison.get(lane);
        if (refused != null) {
            refused.headSet(nextOffset, false).clear();
            if (refused.isEmpty()) {
                poison.remove(lane);
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
            poison.computeIfAbsent(lane.id(), first -> new TreeSet<>()).add(inbound.offset());
            throw e;
        }
    }
}
