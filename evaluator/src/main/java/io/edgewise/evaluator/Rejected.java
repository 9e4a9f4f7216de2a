// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.v1.DeadLetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A refused record on its way to the dead letters, under its original key. Whatever was sent, the letter is small
/// enough for any broker.
public record Rejected(@Nullable ByteString key, DeadLetter letter) {
    static final int LONGEST_KEY = 1024;
    static final int MOST_REASONS = 32;
    static final int LONGEST_REASON = 256;

    private static final String STAGE = "evaluator";

    static Rejected of(LaneId lane, Inbound record, List<Fault> faults) {
        DeadLetter.Builder letter = DeadLetter.newBuilder()
                .setTopic(lane.inlet().topic())
                .setPartition(lane.partition())
                .setOffset(record.offset())
                .setAppendTimeMs(record.appendTimeMs())
                .setStage(STAGE);
        faults.stream().limit(MOST_REASONS).forEach(fault -> letter.addReasons(cut(fault.reason())));
        if (faults.size() > MOST_REASONS) {
            letter.addReasons("...and " + (faults.size() - MOST_REASONS) + " more");
        }
        ByteString value = record.value();
        if (value != null) {
            letter.setRecordSize(value.size())
                    .setRecord(value.substring(0, Math.min(value.size(), ObservationFaults.MAX_RECORD_BYTES)));
        }
        ByteString key = record.key();
        return new Rejected(key == null || key.size() > LONGEST_KEY ? null : key, letter.build());
    }

    /// For a broker that takes smaller messages only: everything but the record's bytes.
    public Rejected stub() {
        return new Rejected(key, letter.toBuilder().clearRecord().build());
    }

    private static String cut(String reason) {
        if (reason.length() <= LONGEST_REASON) {
            return reason;
        }
        boolean inPair = Character.isHighSurrogate(reason.charAt(LONGEST_REASON - 1));
        return reason.substring(0, inPair ? LONGEST_REASON - 1 : LONGEST_REASON);
    }
}
