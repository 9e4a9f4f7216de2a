// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.agent.spool.LaneFormat;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.SeqRange;
import io.edgewise.contracts.v1.Totals;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;

/// Observations in the spool. A record begins with its identity, fields 1 to 4, so that whoever cannot
/// read it whole can still tell whose it is; the body follows, as Protobuf merges what is concatenated.
final class ObservationLane implements LaneFormat {
    private final AgentSettings settings;
    private final InstantSource clock;
    private final LongSupplier shed;

    ObservationLane(AgentSettings settings, InstantSource clock, LongSupplier shed) {
        this.settings = settings;
        this.clock = clock;
        this.shed = shed;
    }

    @Override
    public byte[] stamp(byte[] body, Place place) {
        byte[] identity = identity(place).build().toByteArray();
        byte[] record = Arrays.copyOf(identity, identity.length + body.length);
        System.arraycopy(body, 0, record, identity.length, body.length);
        return record;
    }

    @Override
    public byte[] drops(List<SeqRange> ranges, String reason, Place place) {
        return identity(place)
                .setKind(ObservationKind.OBSERVATION_KIND_DROPS)
                .setEventTimeMs(clock.millis())
                .setWorkload(settings.workload().name())
                .setWorkloadVersion(settings.workload().version())
                .setContext(settings.context())
                .addAllDropped(ranges)
                .setDropReason(reason)
                .build()
                .toByteArray();
    }

    private Observation.Builder identity(Place place) {
        return Observation.newBuilder()
                .setTenant(settings.tenant())
                .setDevice(settings.device())
                .setSpoolEpoch(place.epoch())
                .setSeq(place.seq())
                .setTotals(Totals.newBuilder()
                        .setLastSeq(place.seq())
                        .setDropped(place.dropped())
                        .setShed(shed.getAsLong()));
    }

    @Override
    public Declared dropsIn(byte[] record) {
        try {
            Observation drops = Observation.parseFrom(record);
            return new Declared(drops.getDroppedList(), drops.getDropReason());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a record of drops in the spool cannot be read", e);
        }
    }
}
