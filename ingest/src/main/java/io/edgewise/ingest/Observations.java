// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.Names;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.SeqRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a device saw.
public final class Observations implements RecordKind<Observation> {
    private static final String NO_WORKLOAD = "unknown";

    @Override
    public String plural() {
        return "observations";
    }

    @Override
    public String topic() {
        return Topics.OBSERVATIONS;
    }

    @Override
    public String schema() {
        return Topics.OBSERVATION_SCHEMA;
    }

    @Override
    public Parser<Observation> parser() {
        return Observation.parser();
    }

    @Override
    public Message.Builder builder() {
        return Observation.newBuilder();
    }

    @Override
    public int epochField() {
        return Observation.SPOOL_EPOCH_FIELD_NUMBER;
    }

    @Override
    public int seqField() {
        return Observation.SEQ_FIELD_NUMBER;
    }

    @Override
    public String epochName() {
        return "spoolEpoch";
    }

    @Override
    public long epoch(Observation observation) {
        return observation.getSpoolEpoch();
    }

    @Override
    public long seq(Observation observation) {
        return observation.getSeq();
    }

    @Override
    public Observation named(Observation arrived, Principal principal) {
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

    @Override
    public List<Fault> foreign(Observation observation, Principal principal) {
        List<Fault> faults = new ArrayList<>();
        if (!observation.getTenant().equals(principal.tenant())) {
            faults.add(RecordKind.foreign("tenant", principal.tenant()));
        }
        if (!observation.getDevice().equals(principal.device())) {
            faults.add(RecordKind.foreign("device", principal.device()));
        }
        return faults;
    }

    @Override
    public List<Fault> faults(Observation observation, long nowMs) {
        return ObservationFaults.of(observation, nowMs);
    }

    @Override
    public Observation dropped(Principal principal, Gap gap, Optional<Observation> rejected) {
        return Observation.newBuilder()
                .setTenant(principal.tenant())
                .setDevice(principal.device())
                .setSpoolEpoch(gap.epoch())
                .setSeq(gap.seq())
                .setKind(ObservationKind.OBSERVATION_KIND_DROPS)
                .setEventTimeMs(gap.nowMs())
                .setWorkload(rejected.map(Observation::getWorkload)
                        .filter(Names::isValid)
                        .orElse(NO_WORKLOAD))
                .addDropped(SeqRange.newBuilder().setFirst(gap.seq()).setLast(gap.seq()))
                .setDropReason(gap.reason())
                .build();
    }
}
