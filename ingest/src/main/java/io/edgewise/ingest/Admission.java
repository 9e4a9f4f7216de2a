// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.Names;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.SeqRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which records of a device's batch are let in. The principal's tenant and device win: a record that names others is
/// rejected, one that names none gets them.
///
/// A rejected sequence would stay an open gap in the device's account for ever. So each one is declared as dropped,
/// with
/// its reason, in the rejected record's place ({@link Admitted#records}).
public final class Admission {
    private static final int LONGEST_REASON = 256;
    private static final String NO_WORKLOAD = "unknown";

    private final Principal principal;
    private final long nowMs;
    private final Map<Position, Observation> accepted = new HashMap<>();
    private final Map<Position, Observation> declared = new HashMap<>();
    private final List<Observation> records = new ArrayList<>();
    private final List<Rejection> rejected = new ArrayList<>();
    private long through;

    private Admission(Principal principal, long nowMs) {
        this.principal = principal;
        this.nowMs = nowMs;
    }

    private record Position(long epoch, long seq) {
        boolean isKnown() {
            return epoch != 0 && seq > 0;
        }
    }

    /// `records` go to the topic in this order; `acceptedThrough` is the highest sequence that was dealt with.
    public record Admitted(List<Observation> records, List<Rejection> rejected, long acceptedThrough) {
        public Admitted {
            records = List.copyOf(records);
            rejected = List.copyOf(rejected);
        }
    }

    public static Admitted of(Principal principal, List<Item> batch, long nowMs) {
        Admission admission = new Admission(principal, nowMs);
        for (Item item : batch) {
            switch (item) {
                case Item.Decoded decoded -> admission.consider(decoded.observation());
                case Item.Broken broken -> admission.reject(broken);
            }
        }
        admission.declareRejected();
        return new Admitted(admission.records, admission.rejected, admission.through);
    }

    /// The spool epochs that a batch's records name. An answer speaks of one.
    public static long epochs(List<Item> batch) {
        return batch.stream()
                .mapToLong(item -> switch (item) {
                    case Item.Decoded decoded -> decoded.observation().getSpoolEpoch();
                    case Item.Broken broken -> broken.epoch();
                })
                .filter(epoch -> epoch != 0)
                .distinct()
                .count();
    }

    private void consider(Observation arrived) {
        Observation observation = named(arrived);
        Position position = new Position(observation.getSpoolEpoch(), observation.getSeq());
        List<String> reasons = new ArrayList<>();
        if (!observation.getTenant().equals(principal.tenant())) {
            reasons.add("principal:tenant");
        }
        if (!observation.getDevice().equals(principal.device())) {
            reasons.add("principal:device");
        }
        boolean foreign = !reasons.isEmpty();
        if (observation.getSerializedSize() > ObservationFaults.MAX_RECORD_BYTES) {
            reasons.add("too_large");
        }
        ObservationFaults.of(observation, nowMs).stream().map(Fault::reason).forEach(reasons::add);
        Observation first = accepted.get(position);
        if (reasons.isEmpty() && first != null) {
            if (!first.equals(observation)) {
                rejected.add(rejection(position, List.of("id_conflict:seq"), arrived));
            }
            return;
        }
        pass(position);
        if (reasons.isEmpty()) {
            accepted.put(position, observation);
            records.add(observation);
            return;
        }
        rejected.add(rejection(position, reasons, arrived));
        if (!foreign) {
            declare(position, observation.getWorkload(), reasons);
        }
    }

    private Observation named(Observation arrived) {
        if (!arrived.getTenant().isEmpty() && !arrived.getDevice().isEmpty()) {
            return arrived;
        }
        Observation.Builder named = arrived.toBuilder();
        if (arrived.getTenant().isEmpty()) {
            named.setTenant(principal.tenant());
        }
        if (arrived.getDevice().isEmpty()) {
            named.setDevice(principal.device());
        }
        return named.build();
    }

    private void reject(Item.Broken broken) {
        Position position = new Position(broken.epoch(), broken.seq());
        List<String> reasons = List.of(broken.reason());
        rejected.add(new Rejection(broken.epoch(), broken.seq(), reasons, broken.record()));
        pass(position);
        declare(position, "", reasons);
    }

    private void pass(Position position) {
        if (position.isKnown()) {
            through = Math.max(through, position.seq());
        }
    }

    private void declare(Position position, String workload, List<String> reasons) {
        if (!position.isKnown()) {
            return;
        }
        String reason = "rejected " + String.join(" ", reasons);
        declared.putIfAbsent(
                position,
                Observation.newBuilder()
                        .setTenant(principal.tenant())
                        .setDevice(principal.device())
                        .setSpoolEpoch(position.epoch())
                        .setSeq(position.seq())
                        .setKind(ObservationKind.OBSERVATION_KIND_DROPS)
                        .setEventTimeMs(nowMs)
                        .setWorkload(Names.isValid(workload) ? workload : NO_WORKLOAD)
                        .addDropped(
                                SeqRange.newBuilder().setFirst(position.seq()).setLast(position.seq()))
                        .setDropReason(reason.substring(0, Math.min(LONGEST_REASON, reason.length())))
                        .build());
    }

    /// Last, because a sequence may have been rejected once and accepted once.
    private void declareRejected() {
        List<Position> positions = new ArrayList<>(declared.keySet());
        Collections.sort(positions, (a, b) -> Long.compare(a.seq(), b.seq()));
        for (Position position : positions) {
            Observation drops = declared.get(position);
            if (drops != null && !accepted.containsKey(position)) {
                records.add(drops);
            }
        }
    }

    private static Rejection rejection(Position position, List<String> reasons, Observation record) {
        return new Rejection(position.epoch(), position.seq(), reasons, record.toByteString());
    }
}
