// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Fault;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.StatusCounters;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.Hybrid;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HybridRoutingTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    Path folder = Path.of("");

    private final World world = new World();

    @AfterEach
    void everythingSentIsValid() {
        world.close();
        for (Observation observation : world.observations) {
            assertThat(ObservationFaults.of(observation, world.wallMs.get()))
                    .extracting(Fault::reason)
                    .isEmpty();
        }
    }

    private static Hybrid.Builder hybrid() {
        return Hybrid.newBuilder().setEdgeShareBp(10_000).setConfidence(0.5);
    }

    private EdgeAgent open(Hybrid.Builder hybrid) {
        return open(
                Fixture.directive(Mode.MODE_APPROVED, 5).setPairingCanaryBp(0).setHybrid(hybrid));
    }

    private EdgeAgent open(Directive.Builder directive) {
        world.order(Fixture.sign(directive));
        EdgeAgent agent = EdgeAgent.open(Fixture.settings(folder), world.ports());
        Await.until("orders", () -> agent.snapshot().revision() > 0);
        return agent;
    }

    private Observation last(EdgeAgent agent) {
        agent.drain(LONG);
        return world.observations.getLast();
    }

    private static Request request(String text, Terms terms) {
        return new Request("user-1", text, terms, Optional.empty());
    }

    private void answer(double confidence, double entropy) {
        world.edge =
                () -> new ModelAnswer("no", confidence, entropy, List.of(new ModelAnswer.Candidate("no", confidence)));
    }

    @Test
    void trustsAnAnswerOfEnoughConfidence() {
        try (EdgeAgent agent = open(hybrid())) {
            Answer answer = agent.serve(new Request("user-1", "hi"));

            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHALLENGER);
            assertThat(last(agent).getEscalation()).isEmpty();
            assertThat(world.askedTexts).isEmpty();
        }
    }

    @Test
    void replacesAnAnswerOfLowConfidenceAndRecordsWhy() {
        try (EdgeAgent agent = open(hybrid())) {
            answer(0.4, 0.2);
            Answer answer = agent.serve(new Request("user-1", "hi"));

            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHAMPION);
            assertThat(answer.label()).isEqualTo("yes");
            Observation observation = last(agent);
            assertThat(observation.getEscalated()).isTrue();
            assertThat(observation.getEscalation()).isEqualTo("low-confidence");
            assertThat(observation.getFallbackReason()).isEqualTo("escalated:low-confidence");
            assertThat(observation.getCohort()).isEqualTo(Cohort.COHORT_CANARY);
            assertThat(observation.getArmsList()).hasSize(2);
            assertThat(observation.getComparison().getAgrees()).isFalse();
            assertThat(agent.counters()).containsEntry("escalated:low-confidence", 1L);
        }
    }

    @Test
    void escalatesHighEntropyAndNoConfidence() {
        try (EdgeAgent agent = open(hybrid().setEntropy(1))) {
            answer(0.9, 1.1);
            agent.serve(new Request("user-1", "hi"));
            assertThat(last(agent).getEscalation()).isEqualTo("high-entropy");
            world.edge = () ->
                    new ModelAnswer("no", OptionalDouble.empty(), OptionalDouble.empty(), List.of(), Spoken.NOTHING);
            agent.serve(new Request("user-1", "hi"));

            assertThat(last(agent).getEscalation()).isEqualTo("no-confidence");
        }
    }

    @Test
    void servesTheEdgeAfterAllWhenTheChampionIsAway() {
        try (EdgeAgent agent = open(hybrid())) {
            answer(0.4, 0.2);
            world.frontierFailure = "unreachable";
            Answer answer = agent.serve(new Request("user-1", "hi"));

            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHALLENGER);
            assertThat(answer.details().offline()).isTrue();
            Observation observation = last(agent);
            assertThat(observation.getEscalated()).isTrue();
            assertThat(observation.getOffline()).isTrue();
        }
    }

    @Test
    void verifiesAfterTheResponseWhereTheDirectiveSaysSo() {
        try (EdgeAgent agent = open(hybrid().setEscalation(Hybrid.Escalation.ESCALATION_VERIFY))) {
            answer(0.4, 0.2);
            Answer answer = agent.serve(new Request("user-1", "hi"));

            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHALLENGER);
            Observation observation = last(agent);
            assertThat(observation.getEscalation()).isEqualTo("verify:low-confidence");
            assertThat(observation.getEscalated()).isTrue();
            assertThat(observation.getArmsList()).hasSize(2);
        }
    }

    @Test
    void asksTheChampionAtOnceForLongInputsAndRules() {
        try (EdgeAgent agent = open(hybrid().setLongestInput(10).addRules("legal"))) {
            agent.serve(new Request("user-1", "a longer text"));
            Observation observation = last(agent);
            assertThat(observation.getEscalation()).isEqualTo("long-input");
            assertThat(observation.getEscalated())
                    .as("the edge had not answered")
                    .isFalse();
            assertThat(observation.getServed()).isEqualTo(Role.ROLE_CHAMPION);
            agent.serve(request("hi", Terms.GRANTED.tagged(Set.of("legal"))));

            assertThat(last(agent).getEscalation()).isEqualTo("rule:legal");
        }
    }

    @Test
    void startsCarefully() {
        try (EdgeAgent agent = open(Hybrid.newBuilder())) {
            int edge = 0;
            for (int i = 0; i < 400; i++) {
                edge += agent.serve(new Request("user-" + i, "hi")).servedBy() == Role.ROLE_CHALLENGER ? 1 : 0;
            }
            assertThat(edge).isBetween(15, 70);
            answer(0.89, 0.1);

            for (int i = 0; i < 400; i++) {
                assertThat(agent.serve(new Request("user-" + i, "hi")).servedBy())
                        .isEqualTo(Role.ROLE_CHAMPION);
            }
        }
    }

    @Test
    void asksTheChampionWhereTheRoutersModelDoubtsTheEdge() {
        World.Fixed router = new World.Fixed(
                "router-1",
                request -> new ModelAnswer(
                        "frontier",
                        0.8,
                        0.5,
                        List.of(new ModelAnswer.Candidate("frontier", 0.8), new ModelAnswer.Candidate("edge", 0.2))));
        world.scorer = Optional.of(new Scorer(router, "3"));
        try (EdgeAgent agent = open(hybrid().setRouterScore(0.3))) {
            agent.serve(new Request("user-1", "hi"));

            Observation observation = last(agent);
            assertThat(observation.getEscalation()).isEqualTo("router");
            assertThat(observation.getServed()).isEqualTo(Role.ROLE_CHAMPION);
            assertThat(observation.getRouter().getBuild()).isEqualTo("router-1");
            assertThat(observation.getRouter().getVersion()).isEqualTo("3");
            assertThat(observation.getRouter().getScore()).isEqualTo(0.2);
            assertThat(observation.getRouter().getThreshold()).isEqualTo(0.3);
        }
    }

    @Test
    void aRoutersModelThatHangsDecidesNothing() {
        Semaphore over = new Semaphore(0);
        World.Fixed router = new World.Fixed("router-1", request -> {
            over.acquireUninterruptibly();
            return World.answer("no");
        });
        world.scorer = Optional.of(new Scorer(router, "3"));
        try (EdgeAgent agent = open(hybrid().setRouterScore(0.3))) {
            Answer answer = agent.serve(request("hi", Terms.GRANTED.within(Duration.ofMillis(100))));

            assertThat(answer.failure()).isEmpty();
            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHALLENGER);
            assertThat(last(agent).hasRouter()).isFalse();
        } finally {
            over.release();
        }
    }

    @Test
    void asksTheFrontierOnALowBatteryAndSaysSo() {
        Policies policies = new Policies(
                Policies.DEFAULT.privacy(),
                new Policies.Routing(
                        Optional.empty(), Optional.empty(), Optional.empty(), 0.3, java.util.OptionalLong.of(2_000)),
                Policies.DEFAULT.mirroring(),
                Policies.DEFAULT.breaker());
        world.order(Fixture.sign(Fixture.directive(Mode.MODE_APPROVED, 5).setPairingCanaryBp(0)));
        world.state = new DeviceState(
                OptionalDouble.of(0.2), Optional.of(false), Optional.empty(), DeviceState.Thermal.FAIR, true);
        try (EdgeAgent agent = EdgeAgent.open(Fixture.settings(folder, policies), world.ports())) {
            Await.until("orders", () -> agent.snapshot().revision() > 0);
            agent.serve(new Request("user-1", "hi"));

            Observation observation = last(agent);
            assertThat(observation.getServed()).isEqualTo(Role.ROLE_CHAMPION);
            assertThat(observation.getFallbackReason()).isEqualTo("low-battery");
            assertThat(observation.getContext().getBattery()).isEqualTo(0.2);
            assertThat(observation.getContext().getThermal()).isEqualTo("fair");
            assertThat(observation.getContext().hasMetered()).isFalse();
        }
    }

    @Test
    void takesTheChampionWhenTheDeviceIsHotAndTellsTheServer() {
        try (EdgeAgent agent = open(Fixture.directive(Mode.MODE_APPROVED, 5).setPairingCanaryBp(0))) {
            world.state = new DeviceState(
                    OptionalDouble.empty(), Optional.empty(), Optional.empty(), DeviceState.Thermal.CRITICAL, true);
            assertThat(agent.serve(new Request("user-1", "hi")).servedBy()).isEqualTo(Role.ROLE_CHAMPION);

            Await.until(
                    "a status",
                    () -> world.statuses.stream()
                            .anyMatch(status -> status.getEvent().equals("breaker-open")
                                    && status.getDetail().contains("critical")
                                    && status.getCountersOrThrow(StatusCounters.BREAKER_OPENED) == 1));
            assertThat(last(agent).getArms(0).getErrorCode()).isEqualTo("breaker_open");
        }
    }

    @Test
    void marksPairsOfShadowWhoseEdgeAnswerWouldBeDoubtedAndLeadsNobodyElsewhere() {
        try (EdgeAgent agent = open(Fixture.directive(Mode.MODE_SHADOW, 5).setHybrid(hybrid()))) {
            answer(0.4, 0.2);
            String doubted = agent.serve(new Request("user-1", "hi")).feedbackToken();
            Observation observation = last(agent);
            assertThat(observation.getServed()).isEqualTo(Role.ROLE_CHAMPION);
            assertThat(observation.getCohort()).isEqualTo(Cohort.COHORT_CONTROL);
            assertThat(observation.getEscalated()).isTrue();
            assertThat(observation.getEscalation()).isEqualTo("mirror:low-confidence");
            assertThat(observation.getFallbackReason()).isEmpty();
            assertThat(agent.counters()).doesNotContainKey("escalated:mirror:low-confidence");

            agent.feedback(doubted, "yes");
            answer(0.6, 0.2);
            agent.serve(new Request("user-1", "hi"));
            assertThat(last(agent).getEscalated()).isFalse();
            assertThat(last(agent).getEscalation()).isEmpty();
        }
    }

    @Test
    void asksTheChampionOfAPairTwiceAtTheRateOfTheDirective() {
        try (EdgeAgent agent = open(Fixture.directive(Mode.MODE_SHADOW, 5).setRepeatBp(10_000))) {
            agent.serve(new Request("user-1", "hi"));

            Observation observation = last(agent);
            assertThat(observation.getArmsList())
                    .extracting(arm -> arm.getRole())
                    .containsExactly(Role.ROLE_CHAMPION, Role.ROLE_CHALLENGER, Role.ROLE_REFERENCE);
            assertThat(observation.getRepeated().getAgrees()).isTrue();
            assertThat(world.askedTexts).hasSize(2);
        }
    }

    @Test
    void carriesTheAppsOwnNumbersAndLeavesOutWhatIsNone() {
        try (EdgeAgent agent = open(hybrid())) {
            agent.serve(new Request(
                    "user-1",
                    "hi",
                    Terms.GRANTED,
                    Optional.empty(),
                    Map.of("queue", 3.0, "not a name", 1.0, "nan", Double.NaN, "tokens", 99.0)));

            assertThat(last(agent).getFeaturesMap())
                    .containsEntry("queue", 3.0)
                    .containsEntry("tokens", 1.0)
                    .doesNotContainKeys("not a name", "nan");
        }
    }
}
