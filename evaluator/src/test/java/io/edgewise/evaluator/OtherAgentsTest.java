// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Agents are older and newer than the evaluator while a fleet is upgraded: what they send is counted. See
/// [AgentBytes].
class OtherAgentsTest {
    private static final long APPENDED = 1_800_000_000_000L;
    private static final Stratum SHADOW = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);

    private final LaneTools tools = Benches.tools(50);
    private final Book book = Benches.book(tools);
    private final Lane lane = Benches.lane(Inlet.OBSERVATIONS, tools, book);

    private void accept(String device, byte[] value) {
        lane.accept(new Inbound(
                lane.nextOffset(), APPENDED, Topics.key(Samples.TENANT, device), Topics.OBSERVATION_SCHEMA, value));
    }

    private Map<EvidenceKey, Tally> evidence() {
        return Written.evidence(book.changes()).stream()
                .collect(Collectors.toMap(Written.Evidence::key, Written.Evidence::tally));
    }

    private Tally all() {
        EvidenceKey key = new EvidenceKey(Samples.TENANT, Samples.WORKLOAD, Samples.ROLLOUT, SHADOW);
        return evidence().getOrDefault(key, new Tally());
    }

    @ParameterizedTest
    @ValueSource(strings = {"first-request", "newer-request"})
    void aRequestOfAnOlderAndOfANewerAgentIsCounted(String name) throws IOException {
        accept(name.startsWith("first") ? "device-old" : "device-new", AgentBytes.of(name));

        assertThat(lane.rejected()).isEmpty();
        assertThat(lane.totals()).isEqualTo(new LaneTotals(1, 0, 0, 0, 0, 0, 0, 1));
        assertThat(all().get(Measures.REQUESTS, 0)).isEqualTo(1);
        assertThat(all().get(Measures.PAIRS, 1)).isEqualTo(1);
        assertThat(evidence().keySet().stream().map(key -> key.stratum().slice()))
                .containsExactlyInAnyOrder("all", "device_class=phone", "locale=de");
    }

    @Test
    void whatANewerAgentSaysBesideIsPassedOver() throws IOException {
        accept("device-old", AgentBytes.of("first-request"));
        Map<EvidenceKey, Tally> older = evidence();
        book.written();
        accept("device-new", AgentBytes.of("newer-request"));

        assertThat(evidence()).isEqualTo(older).hasSize(3);
    }

    @Test
    void whatAnOlderAgentDroppedIsAccountedFor() throws IOException {
        accept("device-old", AgentBytes.of("first-request"));
        accept("device-old", AgentBytes.of("first-drops"));

        assertThat(lane.rejected()).isEmpty();
        assertThat(lane.totals()).isEqualTo(new LaneTotals(1, 0, 0, 4, 0, 0, 0, 5));
    }

    @Test
    void anOlderAgentThatSendsAgainIsADuplicate() throws IOException {
        accept("device-old", AgentBytes.of("first-request"));
        accept("device-old", AgentBytes.of("first-request"));

        assertThat(lane.totals().counted()).isEqualTo(1);
        assertThat(lane.totals().duplicates()).isEqualTo(1);
    }

    /// The next major version is refused by name, not guessed at.
    @Test
    void aRecordOfAnotherMajorVersionIsRefusedAndSaysWhichIsRead() throws IOException {
        lane.accept(new Inbound(
                0,
                APPENDED,
                Topics.key(Samples.TENANT, "device-old"),
                "observation/2",
                AgentBytes.of("first-request")));

        assertThat(lane.rejected()).hasSize(1);
        assertThat(book.counted()).containsEntry("dead_letter.schema_unsupported", 1L);
    }
}
