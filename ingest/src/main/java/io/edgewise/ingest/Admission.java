// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import com.google.protobuf.Message;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.ObservationFaults;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Which records of a device's batch are let in. The principal's tenant and device win: a record that names others is
/// rejected, one that names none gets them.
///
/// A rejected sequence would stay an open gap in the device's account for ever. So each one is declared as
/// dropped, with its reason, in the rejected record's place ({@link Admitted#records}).
public final class Admission<M extends Message> {
    private static final int LONGEST_REASON = 256;

    private static final Fault CONFLICT = new Fault(
            "id_conflict",
            "seq",
            "stands in this batch twice, with another content; give each record a sequence of its own");

    private final RecordKind<M> kind;
    private final Principal principal;
    private final long nowMs;
    private final Map<Position, M> accepted = new HashMap<>();
    private final Map<Position, M> declared = new HashMap<>();
    private final List<M> records = new ArrayList<>();
    private final List<Rejection> rejected = new ArrayList<>();
    private long through;

    private Admission(RecordKind<M> kind, Principal principal, long nowMs) {
        this.kind = kind;
        this.principal = principal;
        this.nowMs = nowMs;
    }

    private record Position(long epoch, long seq) {
        /// One that cannot be is nobody's: to declare it would leave the device a gap without an end.
        boolean isKnown() {
            return epoch != 0 && seq > 0 && seq <= ObservationFaults.MAX_SEQ;
        }
    }

    /// `records` go to the topic in this order; `acceptedThrough` is the highest sequence that was dealt with.
    public record Admitted<M extends Message>(
            RecordKind<M> kind, List<M> records, List<Rejection> rejected, long acceptedThrough) {
        public Admitted {
            records = List.copyOf(records);
            rejected = List.copyOf(rejected);
        }
    }

    public static <M extends Message> Admitted<M> of(
            RecordKind<M> kind, Principal principal, List<Item<M>> batch, long nowMs) {
        Admission<M> admission = new Admission<>(kind, principal, nowMs);
        for (Item<M> item : batch) {
            switch (item) {
                case Item.Decoded<M> decoded -> admission.consider(decoded.record());
                case Item.Broken<M> broken -> admission.reject(broken);
            }
        }
        admission.declareRejected();
        return new Admitted<>(kind, admission.records, admission.rejected, admission.through);
    }

    public static Fault tooLarge(int bytes) {
        return new Fault(
                "too_large",
                "",
                "the record has " + bytes + " bytes and may have " + ObservationFaults.MAX_RECORD_BYTES
                        + "; leave out texts, or candidates that hardly count");
    }

    /// The epochs that a batch's records name. An answer speaks of one.
    public static <M extends Message> long epochs(RecordKind<M> kind, List<Item<M>> batch) {
        return batch.stream()
                .mapToLong(item -> switch (item) {
                    case Item.Decoded<M> decoded -> kind.epoch(decoded.record());
                    case Item.Broken<M> broken -> broken.epoch();
                })
                .filter(epoch -> epoch != 0)
                .distinct()
                .count();
    }

    private void consider(M arrived) {
        M record = kind.named(arrived, principal);
        Position position = new Position(kind.epoch(record), kind.seq(record));
        List<Fault> faults = new ArrayList<>(kind.foreign(record, principal));
        boolean isForeign = !faults.isEmpty();
        if (record.getSerializedSize() > ObservationFaults.MAX_RECORD_BYTES) {
            faults.add(tooLarge(record.getSerializedSize()));
        }
        faults.addAll(kind.faults(record, nowMs));
        M first = accepted.get(position);
        if (faults.isEmpty() && first != null) {
            if (!first.equals(record)) {
                rejected.add(rejection(position, List.of(CONFLICT), arrived));
            }
            return;
        }
        pass(position);
        if (faults.isEmpty()) {
            accepted.put(position, record);
            records.add(record);
            return;
        }
        rejected.add(rejection(position, faults, arrived));
        if (!isForeign) {
            declare(position, Optional.of(record), faults);
        }
    }

    private void reject(Item.Broken<M> broken) {
        Position position = new Position(broken.epoch(), broken.seq());
        List<Fault> faults = List.of(broken.fault());
        rejected.add(new Rejection(broken.epoch(), broken.seq(), faults, broken.record()));
        pass(position);
        declare(position, Optional.empty(), faults);
    }

    private void pass(Position position) {
        if (position.isKnown()) {
            through = Math.max(through, position.seq());
        }
    }

    private void declare(Position position, Optional<M> record, List<Fault> faults) {
        if (!position.isKnown()) {
            return;
        }
        String reason = "rejected " + faults.stream().map(Fault::reason).collect(Collectors.joining(" "));
        RecordKind.Gap gap = new RecordKind.Gap(
                position.epoch(),
                position.seq(),
                reason.substring(0, Math.min(LONGEST_REASON, reason.length())),
                nowMs);
        declared.putIfAbsent(position, kind.dropped(principal, gap, record));
    }

    /// Last, because a sequence may have been rejected once and accepted once.
    private void declareRejected() {
        List<Position> positions = new ArrayList<>(declared.keySet());
        Collections.sort(positions, (a, b) -> Long.compare(a.seq(), b.seq()));
        for (Position position : positions) {
            M drops = declared.get(position);
            if (drops != null && !accepted.containsKey(position)) {
                records.add(drops);
            }
        }
    }

    private static Rejection rejection(Position position, List<Fault> faults, Message record) {
        return new Rejection(position.epoch(), position.seq(), faults, record.toByteString());
    }
}
