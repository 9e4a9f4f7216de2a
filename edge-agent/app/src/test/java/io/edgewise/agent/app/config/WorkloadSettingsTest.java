// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the answers of a workload are and how they compare; and what an owner says of the device and its
/// router.
class WorkloadSettingsTest {
    private static final String FRONTIER = "frontier: {url: \"https://api.example.com\", model: gpt-x}\n";
    private static final String LOCAL =
            "edge: {server: {url: \"http://127.0.0.1:1\", build: llm-1, model: m, confidence: label-logprobs}}\n";

    private static Settings read(String workload, String more) throws ConfigFailure {
        return SettingsReader.read(
                "agent.yaml",
                "device: kiosk-17\nworkload: {name: task" + workload + "}\n" + FRONTIER + more,
                Map.of(),
                Path.of("/nowhere"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | '' | GENERATION | token-f1/1",
                "', labels: [a, b]' | '' | CLASSIFICATION | same-label/1",
                "', refusal-labels: [oos]' | '' | CLASSIFICATION | same-label/1",
                "'' | 'edge: {models: m, builds: [x]}' | CLASSIFICATION | same-label/1",
                "', kind: classification' | '' | CLASSIFICATION | same-label/1",
                "', kind: generation' | 'edge: {models: m, builds: [x]}' | GENERATION | token-f1/1",
                "', agreement: rouge-l' | '' | GENERATION | rouge-l/1",
                "', agreement: normalised-exact-match/1' | '' | GENERATION | normalised-exact-match/1",
                "', kind: extraction' | '' | EXTRACTION | json-fields/1",
                "', kind: ranking, agreement: top-k' | '' | RANKING | top-k/1",
                "', kind: transcript' | '' | TRANSCRIPT | wer/1",
                "', agreement-at: 0.70' | '' | GENERATION | token-f1/1@0.7",
                "', agreement-at: 0.8' | '' | GENERATION | token-f1/1",
                "', kind: transcript, agreement: cer, agreement-at: 1' | '' | TRANSCRIPT | cer/1@1",
            })
    void theKindAndItsMeasureAreWhatIsSaidElseWhatFitsTheRest(
            String workload, String more, Workload.Kind kind, String agreement) throws ConfigFailure {
        Workload read = read(workload, more).workload();

        assertThat(read.kind()).isEqualTo(kind);
        assertThat(read.agreement()).isEqualTo(agreement);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "', kind: chat' | '' | workload.kind: is \"chat\"; write one of classification, generation, extraction, ranking, transcript",
                "', kind: generation, labels: [a]' | '' | workload.kind: is generation, and there are labels; write classification, or leave labels",
                "', agreement: vibes' | '' | workload.agreement: is \"vibes\"; of kind generation write one of token-f1/1, rouge-l/1, normalised-exact-match/1",
                "', labels: [a], agreement: wer' | '' | workload.agreement: is \"wer\"; of kind classification write one of same-label/1",
                "', agreement-at: 0' | '' | workload.agreement-at: \"0\" is no threshold; write a number above 0 and up to 1 with at most three decimals",
                "', agreement-at: 85' | '' | workload.agreement-at: \"85\" is no threshold; write a number above 0",
                "', agreement: token-f1@0.7' | '' | workload.agreement: is \"token-f1@0.7\"; of kind generation write one of token-f1/1,",
                "', labels: [a], agreement-at: 0.9' | '' | workload.agreement-at: two labels are the same or not; leave the threshold out",
                "'' | LOCAL | edge.server.confidence: label-logprobs is the probability of a whole label",
                "'' | 'routing: {router: {build: r}}' | routing.router.models: is missing; name the folder",
                "'' | 'routing: {router: {models: r}}' | routing.router.build: is missing; name the build of",
                "'' | 'routing: {router: {release: 2}}' | routing.router.build: is missing; name the build of which",
                "'' | 'routing: {router: {build: r, release: 2}}' | routing.router.release: needs edge.fetch.url",
                "'' | 'routing: {router: {build: r, release: 2, models: m}}' | routing.router.release: stands beside routing.router.models",
                "'' | 'routing: {router: {build: r, release: newest}}' | routing.router.release: is \"newest\"; write a whole number from 1",
                "'' | 'breaker: {p99: 0.3}' | breaker.p99: is \"0.3\"; write a duration like 500ms",
                "'' | 'about: {metered: maybe}' | about.metered: is \"maybe\"; write one of false, true",
            })
    void whatDoesNotFitIsNamedWithWhatToWriteInstead(String workload, String more, String fault) {
        assertThatThrownBy(() -> read(workload, more.equals("LOCAL") ? LOCAL : more))
                .isInstanceOf(ConfigFailure.class)
                .hasMessageContaining(fault);
    }

    @Test
    void theOwnerSaysWhatTheDeviceDoesNotTell() throws ConfigFailure {
        Settings said = read("", """
                about: {metered: true, driver: "htp 2.31", entitlements: [npu], chipset: qcs6490}
                breaker: {p99: 300ms}
                routing: {router: {build: router-intent, models: routers}}
                """);

        assertThat(said.identity().about().metered()).hasValue(true);
        assertThat(said.identity().about().driver()).isEqualTo("htp 2.31");
        assertThat(said.identity().about().entitlements()).containsExactly("npu");
        assertThat(said.policies().breaker().budgetMicros())
                .isEqualTo(Duration.ofMillis(300).toNanos() / 1_000);
        assertThat(said.edge().router())
                .hasValue(new Settings.InstalledRouter(Path.of("/nowhere/routers"), "router-intent"));
        Settings silent = read("", "");
        assertThat(silent.identity().about().metered()).isEmpty();
        assertThat(silent.policies().breaker().budgetMicros()).isZero();
        assertThat(silent.edge().router()).isEmpty();
    }
}
