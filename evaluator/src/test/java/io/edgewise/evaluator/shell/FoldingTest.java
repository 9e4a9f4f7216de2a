// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.evaluator.Book;
import io.edgewise.evaluator.EvaluatorPolicy;
import io.edgewise.evaluator.FeedbackTokens;
import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.Lane;
import io.edgewise.evaluator.LaneId;
import io.edgewise.evaluator.LaneTools;
import io.edgewise.evaluator.Lottery;
import io.edgewise.evaluator.Samples;
import io.edgewise.evaluator.SliceAdmission;
import io.edgewise.evaluator.Slices;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class FoldingTest {
    private static final long NOW = 1_760_000_000_000L;
    private static final LaneId LANE = new LaneId(Inlet.OBSERVATIONS, 0);

    private final Folding folding = new Folding();

    @Test
    void allRecordsOfALaneThatTheProgramFailsOnAreRefusedInTheEnd() {
        List<ConsumerRecord<byte[], byte[]>> records = records(Set.of(5L, 9L, 11L));
        for (int failing = 0; failing < 3; failing++) {
            assertThatThrownBy(() -> folding.fold(lane(), records)).isInstanceOf(IllegalStateException.class);
        }

        Lane lane = lane();
        folding.fold(lane, records);

        assertThat(lane.rejections()).isEqualTo(3);
        assertThat(lane.totals().counted()).isEqualTo(9);
        // Whatever else fails before the lane is stored: they are refused as often as they are read.
        Lane again = lane();
        folding.fold(again, records);
        assertThat(again.rejections()).isEqualTo(3);
    }

    @Test
    void whatLiesBeforeTheStoredOffsetIsForgottenAndNothingElse() {
        List<ConsumerRecord<byte[], byte[]>> damaging = records(Set.of(5L, 9L));
        assertThatThrownBy(() -> folding.fold(lane(), damaging)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> folding.fold(lane(), damaging)).isInstanceOf(IllegalStateException.class);

        folding.stored(LANE, 6);
        folding.stored(new LaneId(Inlet.OBSERVATIONS, 1), 100);

        Lane lane = lane();
        folding.fold(lane, records(Set.of()));
        assertThat(lane.rejections()).isEqualTo(1);
        folding.stored(LANE, 12);
        Lane later = lane();
        folding.fold(later, records(Set.of()));
        assertThat(later.rejections()).isZero();
    }

    private static Lane lane() {
        SliceAdmission failing = (tenant, rollout, attribute, value) -> {
            if (value.equals("damaging")) {
                throw new IllegalStateException("fails on purpose");
            }
            return new SliceAdmission.Admitted(Set.of("locale"), Set.of());
        };
        LaneTools tools = new LaneTools(
                new EvaluatorPolicy(86_400_000, 15_000, 50),
                new Slices(failing, 50),
                new FeedbackTokens(Samples.SECRETS),
                new Lottery(Samples.SECRETS.sampleKey()));
        return new Lane(LANE, 1, tools, new Book(tools), new Lane.Claimed(0, 0));
    }

    /// Twelve, of offsets 0 to 11.
    private static List<ConsumerRecord<byte[], byte[]>> records(Set<Long> damaging) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (long offset = 0; offset < 12; offset++) {
            Observation observation = Samples.pair("device", offset + 1, NOW)
                    .putSlices("locale", damaging.contains(offset) ? "damaging" : "de")
                    .build();
            byte[] value = observation.toByteArray();
            byte[] key = Topics.key(Samples.TENANT, "device");
            RecordHeaders headers = new RecordHeaders();
            headers.add(Topics.SCHEMA_HEADER, Topics.OBSERVATION_SCHEMA.getBytes(StandardCharsets.UTF_8));
            records.add(new ConsumerRecord<>(
                    Topics.OBSERVATIONS,
                    0,
                    offset,
                    NOW,
                    TimestampType.LOG_APPEND_TIME,
                    key.length,
                    value.length,
                    key,
                    value,
                    headers,
                    Optional.empty()));
        }
        return records;
    }
}
