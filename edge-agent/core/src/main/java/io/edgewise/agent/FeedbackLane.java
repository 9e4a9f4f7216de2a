// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.agent.spool.LaneFormat;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.SeqRange;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;

/// Feedback in the spool; the device is its source. A record begins with its identity, as an observation
/// does.
final class FeedbackLane implements LaneFormat {
    private final AgentSettings settings;
    private final InstantSource clock;

    FeedbackLane(AgentSettings settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
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
                .setGivenAtMs(clock.millis())
                .addAllDropped(ranges)
                .setDropReason(reason)
                .build()
                .toByteArray();
    }

    private Feedback.Builder identity(Place place) {
        return Feedback.newBuilder()
                .setTenant(settings.tenant())
                .setSource(settings.device())
                .setSourceEpoch(place.epoch())
                .setSeq(place.seq());
    }

    @Override
    public Declared dropsIn(byte[] record) {
        try {
            Feedback drops = Feedback.parseFrom(record);
            return new Declared(drops.getDroppedList(), drops.getDropReason());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a record of drops in the spool cannot be read", e);
        }
    }
}
