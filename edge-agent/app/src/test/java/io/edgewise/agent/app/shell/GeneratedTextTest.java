// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Refusal;
import io.edgewise.contracts.v1.Role;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Ordinary chats: the answers are texts of many lines, not labels.
class GeneratedTextTest {
    private static final String ANSWER = """
            To change the oil you need a new filter, five litres of oil and a pan.

            1. Warm the engine up and let it rest for ten minutes.
            2. Open the drain plug, and close it again when nothing comes any more.

            Fill the new oil in slowly, and look at the dipstick: between the marks is right. %s
            """.formatted("Take the old oil back to where it was sold. ".repeat(20))
            .strip();
    private static final String OTHER =
            ANSWER.replace("five litres", "four quarts").replace("Warm the engine up", "Heat it");
    private static final String UNLIKE = "Ask at a garage; they do this every day and take what is left over.";

    @TempDir
    private Path folder = Path.of("");

    private ChatScene scene() throws Exception {
        ChatScene scene = new ChatScene(folder);
        scene.frontier.says(ANSWER);
        scene.local.says(OTHER);
        return scene;
    }

    private static String said(String events) {
        StringBuilder text = new StringBuilder();
        events.lines().filter(line -> line.startsWith("data: {")).forEach(line -> {
            int at = line.indexOf("\"content\":\"");
            if (at > 0) {
                String rest = line.substring(at + "\"content\":\"".length());
                text.append(rest, 0, rest.indexOf('"'));
            }
        });
        return text.toString().replace("\\n", "\n");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void withTheSmallestSettingsALongAnswerOfTheFrontierIsServedAndNobodyFailed(boolean isStream) throws Exception {
        try (ChatScene scene = scene().smallest("")) {
            HttpResponse<String> answer = scene.ask("how is the oil changed", isStream);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(isStream ? said(answer.body()) : answer.body())
                    .contains(isStream ? ANSWER : ANSWER.replace("\n", "\\n"));
            assertThat(answer.headers().firstValue("X-Edgewise-Arm")).hasValue("champion");
            assertThat(answer.headers().firstValue("X-Edgewise-Served-By")).hasValue("frontier");
            assertThat(answer.headers().firstValue("X-Edgewise-Observation")).isPresent();
            assertThat(scene.metrics()).contains("edgewise_agent_failed_total 0.0", "edgewise_agent_served_total 1.0");
        }
    }

    @Test
    void ofALongAnswerItsDigestAndLengthAreRecordedTheSameWholeAndStreamed() throws Exception {
        try (ChatScene scene = scene().taught("", "")) {
            scene.order(Directive.Mode.MODE_CHAMPION_ONLY);
            scene.ask("how is the oil changed", false);
            scene.ask("how is the oil changed", true);

            var observations = scene.observations(2);
            assertThat(observations).allSatisfy(observation -> {
                assertThat(ObservationFaults.of(observation, observation.getEventTimeMs()))
                        .isEmpty();
                assertThat(observation.getServed()).isEqualTo(Role.ROLE_CHAMPION);
                Arm arm = observation.getArms(0);
                assertThat(arm.getErrorCode()).isEmpty();
                assertThat(arm.getLabel()).isEmpty();
                assertThat(arm.getText()).isEmpty();
                assertThat(arm.getTextDigest())
                        .isEqualTo(observations.getFirst().getArms(0).getTextDigest());
                assertThat(arm.getOutputLength()).isEqualTo(ANSWER.length());
                assertThat(arm.getRefusal()).isEqualTo(Refusal.REFUSAL_ANSWERED);
                assertThat(arm.getFrontier().getModel()).isEqualTo("large");
            });
            assertThat(observations.getFirst().getArms(0).getTextDigest().size())
                    .isEqualTo(32);
            assertThat(observations.getFirst().getArms(0).getTokensIn()).isEqualTo(11);
            assertThat(observations.get(1).hasServedTimeToFirstTokenUs()).isTrue();
        }
    }

    @Test
    void aPairOfGeneratedAnswersCarriesItsAgreementAndTheMeanOfItsTokens() throws Exception {
        try (ChatScene scene = scene().taught(", confidence: mean-logprob", "")) {
            scene.order(Directive.Mode.MODE_SHADOW);
            assertThat(scene.ask("how is the oil changed", false).headers().firstValue("X-Edgewise-Arm"))
                    .hasValue("champion");

            Observation observation = scene.observations(1).getFirst();
            assertThat(ObservationFaults.of(observation, observation.getEventTimeMs()))
                    .isEmpty();
            assertThat(observation.getComparison().getDefinition()).isEqualTo("token-f1/1");
            assertThat(observation.getComparison().getAgreement()).isBetween(0.9, 0.999);
            assertThat(observation.getComparison().getAgrees()).isTrue();
            assertThat(observation.getArmsList())
                    .extracting(Arm::getRole)
                    .containsExactly(Role.ROLE_CHAMPION, Role.ROLE_CHALLENGER);
            Arm edge = observation.getArms(1);
            assertThat(edge.getConfidenceSource()).isEqualTo("mean-logprob");
            assertThat(edge.getConfidence()).isCloseTo(Math.exp(-0.5), within(1e-9));
            assertThat(edge.getTextDigest()).isNotEqualTo(observation.getArms(0).getTextDigest());
            assertThat(observation.getRequestText() + edge.getText()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theLocalServersLongAnswerIsServedByTheChallenger(boolean isStream) throws Exception {
        try (ChatScene scene = scene().taught("", "")) {
            scene.order(Scene.directive(ChatScene.BUILD, Directive.Mode.MODE_APPROVED)
                    .setPairingCanaryBp(0));
            for (int i = 0; i < 7; i++) {
                HttpResponse<String> answer = scene.ask("how is the oil changed", isStream);

                assertThat(answer.headers().firstValue("X-Edgewise-Arm")).hasValue("challenger");
                assertThat(answer.headers().firstValue("X-Edgewise-Served-By")).hasValue(ChatScene.BUILD);
                assertThat(isStream ? said(answer.body()) : answer.body())
                        .contains(isStream ? OTHER : OTHER.replace("\n", "\\n"));
            }
            assertThat(scene.frontier.asked()).isEmpty();
            assertThat(scene.metrics()).contains("edgewise_agent_failed_total 0.0");
            assertThat(scene.observations(7)).allSatisfy(observation -> {
                assertThat(observation.getFallbackReason()).isEmpty();
                assertThat(observation.getArms(0).hasConfidence()).isFalse();
            });
        }
    }

    @Test
    void textsOfAPairThatDisagreesAreRecordedOnlyWhereSettingsAndConsentSaySo() throws Exception {
        try (ChatScene scene = scene().taught("", "privacy: {texts: true}\n")) {
            scene.local.says(UNLIKE);
            scene.order(Directive.Mode.MODE_SHADOW);
            scene.ask("how is the oil changed, asks ada@example.com", false);

            Observation observation = scene.observations(1).getFirst();
            assertThat(observation.getComparison().getAgrees()).isFalse();
            assertThat(observation.getRequestText()).isEqualTo("how is the oil changed, asks [EMAIL_1]");
            assertThat(observation.getArms(0).getText()).isEqualTo(ANSWER);
            assertThat(observation.getArms(1).getText()).isEqualTo(UNLIKE);
        }
    }

    @Test
    void anEmptyAnswerOfTheFrontierReachesTheAppAsItIsAndCountsAsNone() throws Exception {
        try (ChatScene scene = scene().smallest("")) {
            scene.frontier.says("");
            HttpResponse<String> answer = scene.ask("say nothing", false);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("\"content\":\"\"");
            assertThat(answer.headers().firstValue("X-Edgewise-Arm")).hasValue("none");
            assertThat(scene.metrics()).contains("edgewise_agent_failed_total 1.0");
        }
    }
}
