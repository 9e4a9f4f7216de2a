// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import io.edgewise.agent.spool.LaneFormat;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.SeqRange;
import io.edgewise.contracts.v1.Totals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LaneIdentityTest {
    private static final LaneFormat.Place PLACE = new LaneFormat.Place(-5, 70_000, 3);
    private static final AgentSettings SETTINGS = Fixture.settings(Path.of("unused"));
    private static final List<SeqRange> RANGES =
            List.of(SeqRange.newBuilder().setFirst(69_998).setLast(70_000).build());

    private final LaneFormat observations =
            new ObservationLane(SETTINGS, () -> Instant.ofEpochMilli(Fixture.NOW), () -> 8);
    private final LaneFormat feedback = new FeedbackLane(SETTINGS, () -> Instant.ofEpochMilli(Fixture.NOW));

    private static List<Integer> firstFields(byte[] record) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(record);
        List<Integer> fields = new ArrayList<>();
        while (fields.size() < 4) {
            int tag = in.readTag();
            fields.add(WireFormat.getTagFieldNumber(tag));
            assertThat(in.skipField(tag)).isTrue();
        }
        return fields;
    }

    @Test
    void observationsBeginWithTheirIdentity() throws IOException {
        Observation body = Observation.newBuilder()
                .setKind(ObservationKind.OBSERVATION_KIND_REQUEST)
                .setEventTimeMs(Fixture.NOW)
                .putSlices("locale", "en")
                .build();

        byte[] record = observations.stamp(body.toByteArray(), PLACE);

        assertThat(firstFields(record)).containsExactly(1, 2, 3, 4);
        assertThat(Observation.parseFrom(record))
                .isEqualTo(body.toBuilder()
                        .setTenant("default")
                        .setDevice("device-1")
                        .setSpoolEpoch(-5)
                        .setSeq(70_000)
                        .setTotals(Totals.newBuilder()
                                .setLastSeq(70_000)
                                .setDropped(3)
                                .setShed(8))
                        .build());
    }

    @Test
    void feedbackBeginsWithItsIdentity() throws IOException {
        Feedback body = Feedback.newBuilder()
                .setGivenAtMs(Fixture.NOW)
                .setTruthLabel("yes")
                .build();

        byte[] record = feedback.stamp(body.toByteArray(), PLACE);

        assertThat(firstFields(record)).containsExactly(1, 2, 3, 4);
        assertThat(Feedback.parseFrom(record))
                .isEqualTo(body.toBuilder()
                        .setTenant("default")
                        .setSource("device-1")
                        .setSourceEpoch(-5)
                        .setSeq(70_000)
                        .build());
    }

    @Test
    void declarationsOfDropsBeginWithTheirIdentity() throws IOException {
        for (LaneFormat lane : List.of(observations, feedback)) {
            byte[] record = lane.drops(RANGES, "spool-full", PLACE);

            assertThat(firstFields(record)).containsExactly(1, 2, 3, 4);
            assertThat(lane.dropsIn(record).ranges()).isEqualTo(RANGES);
        }
    }
}
