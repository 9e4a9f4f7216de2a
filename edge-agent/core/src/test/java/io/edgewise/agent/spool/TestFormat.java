// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.SeqRange;
import io.edgewise.contracts.v1.Totals;
import java.util.List;

/// A small format for tests of the spool alone.
final class TestFormat implements LaneFormat {
    @Override
    public byte[] stamp(byte[] body, Place place) {
        return parse(body).toBuilder()
                .mergeFrom(identity(place).build())
                .build()
                .toByteArray();
    }

    @Override
    public byte[] drops(List<SeqRange> ranges, String reason, Place place) {
        return identity(place)
                .setKind(ObservationKind.OBSERVATION_KIND_DROPS)
                .addAllDropped(ranges)
                .setDropReason(reason)
                .build()
                .toByteArray();
    }

    @Override
    public Declared dropsIn(byte[] record) {
        return new Declared(parse(record).getDroppedList(), parse(record).getDropReason());
    }

    static Observation parse(byte[] record) {
        try {
            return Observation.parseFrom(record);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] body(String text) {
        return Observation.newBuilder().setDropReason(text).build().toByteArray();
    }

    private static Observation.Builder identity(Place place) {
        return Observation.newBuilder()
                .setSpoolEpoch(place.epoch())
                .setSeq(place.seq())
                .setTotals(Totals.newBuilder().setLastSeq(place.seq()).setDropped(place.dropped()));
    }
}
