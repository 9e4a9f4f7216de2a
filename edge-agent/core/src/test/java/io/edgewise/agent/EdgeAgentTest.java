// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Fault;
import io.edgewise.contracts.FeedbackFaults;
import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.v1.Arm;
import io.edgewise.contracts.v1.ArmSummary;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.FeedbackToken;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Refusal;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.Signed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EdgeAgentTest {
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
        world.feedback.forEach(feedback ->
                assertThat(FeedbackFaults.of(feedback, world.wallMs.get())).isEmpty());
    }

    private EdgeAgent open() {
        return EdgeAgent.open(Fixture.settings(folder), world.ports());
    }

    private EdgeAgent openWith(Signed... orders) {
        world.order(orders);
        EdgeAgent agent = open();
        until(() -> agent.snapshot().revision() > 0);
        return agent;
    }

    private static void until(BooleanSupplier condition) {
        long deadline = System.nanoTime() + LONG.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited too long").isLessThan(deadline);
            Thread.onSpinWait();
        }
    }

    private static Directive.Builder canary(long revision) {
        return Fixture.directive(Mode.MODE_CANARY, revision).setShareBp(10_000).setLeased(true);
    }

    private static Arm arm(Observation observation, Role role) {
        return observation.getArmsList().stream()
                .filter(arm -> arm.getRole() == role)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void servesTheChampionInShadowAndRecordsThePair() {
        try (EdgeAgent agent = openWith(Fixture.sign(Fixture.directive(Mode.MODE_SHADOW, 7)))) {
            world.frontierLabel = "oos";
            Answer answer = agent.serve(new Request("user-1", "what is this"));
            agent.drain(LONG);

            assertThat(answer.label()).isEqualTo("oos");
            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHAMPION);
            Observation observation = world.observations.getFirst();
            assertThat(observation.getSeq()).isEqualTo(1);
            assertThat(observation.getTotals().getLastSeq()).isEqualTo(1);
            assertThat(observation.getRollout()).isEqualTo(Fixture.ROLLOUT);
            assertThat(observation.getRevision()).isEqualTo(7);
            assertThat(observation.getCohort()).isEqualTo(Cohort.COHORT_CONTROL);
            assertThat(observation.getPairingRateBp()).isEqualTo(10_000);
            assertThat(observation.getFeaturesMap())
                    .containsEntry("tokens", 3.0)
                    .containsEntry("chars", 12.0);
            assertThat(observation.getServedCost().getNanos()).isEqualTo(400_000);
            assertThat(observation.getContext().getRuntime()).isEqualTo("test-runtime");
            assertThat(observation.getComparison().getAgrees()).isFalse();
            assertThat(arm(observation, Role.ROLE_CHAMPION).getRefusal()).isEqualTo(Refusal.REFUSAL_REFUSED);
            Arm challenger = arm(observation, Role.ROLE_CHALLENGER);
            assertThat(challenger.getEdge().getArtifactSha256()).hasSize(64);
            assertThat(challenger.getConfidence()).isEqualTo(0.9);
            assertThat(challenger.getTopCount()).isEqualTo(2);
            assertThat(challenger.getCost().getNanos()).isEqualTo(10);
        }
    }

    @Test
    void givesFeedbackWhatTheMirrorFoundToo() throws Exception {
        try (EdgeAgent agent = openWith(Fixture.sign(Fixture.directive(Mode.MODE_SHADOW, 7)))) {
            Answer answer = agent.serve(new Request("user-1", "hi"));

            assertThat(agent.feedback(answer.feedbackToken(), "no")).isTrue();
            assertThat(agent.feedback(answer.feedbackToken() + "x", "no")).isFalse();
            assertThat(agent.feedback(answer.feedbackToken(), " ")).isFalse();
            agent.drain(LONG);

            assertThat(world.feedback).hasSize(1);
            FeedbackToken token =
                    FeedbackToken.parseFrom(world.feedback.getFirst().getToken());
            byte[] context = token.getContext().toByteArray();
            assertThat(token.getMac().toByteArray()).isEqualTo(DeviceSecrets.mac(new byte[] {1, 2, 3}, context));
            assertThat(FeedbackContext.parseFrom(context).getArmsList())
                    .containsExactly(
                            ArmSummary.newBuilder()
                                    .setRole(Role.ROLE_CHAMPION)
                                    .setLabelHash(LabelHash.of("yes"))
                                    .build(),
                            ArmSummary.newBuilder()
                                    .setRole(Role.ROLE_CHALLENGER)
                                    .setLabelHash(LabelHash.of("yes"))
                                    .setConfidence(0.9)
                                    .build());
        }
    }

    @Test
    void aTokenDoesNotSayTheConfidenceBesideProbabilitiesThatAddUpToMoreThanOne() throws Exception {
        world.edge = () -> new ModelAnswer(
                "no", 0.9, 0.3, List.of(new ModelAnswer.Candidate("no", 0.9), new ModelAnswer.Candidate("yes", 0.8)));
        try (EdgeAgent agent = openWith(Fixture.sign(Fixture.directive(Mode.MODE_SHADOW, 7)))) {
            Answer answer = agent.serve(new Request("user-1", "hi"));
            agent.drain(LONG);
            assertThat(agent.feedback(answer.feedbackToken(), "no")).isTrue();
            agent.drain(LONG);

            FeedbackToken token =
                    FeedbackToken.parseFrom(world.feedback.getFirst().getToken());
            assertThat(FeedbackContext.parseFrom(token.getContext()).getArmsList())
                    .contains(ArmSummary.newBuilder()
                            .setRole(Role.ROLE_CHALLENGER)
                            .setLabelHash(LabelHash.of("no"))
                            .build());
        }
    }

    @Test
    void answersFromTheOtherArmAndOpensTheBreakerWhenTheChallengerFails() {
        try (EdgeAgent agent = openWith(Fixture.sign(canary(3)), Fixture.sign(Fixture.lease(3, 1)))) {
            world.edge = () -> {
                throw new IllegalStateException("broken model");
            };
            for (int i = 0; i < 7; i++) {
                Answer answer = agent.serve(new Request("user-" + i, "hi"));
                assertThat(answer.label()).isEqualTo("yes");
                assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHAMPION);
            }
            assertThat(agent.snapshot().breaker()).isEqualTo("open");
            world.edge = () -> World.answer("no");
            world.nanos.addAndGet(TimeUnit.SECONDS.toNanos(31));
            assertThat(agent.serve(new Request("user-9", "hi")).servedBy()).isEqualTo(Role.ROLE_CHALLENGER);
            agent.drain(LONG);

            assertThat(world.observations)
                    .extracting(observation ->
                            arm(observation, Role.ROLE_CHALLENGER).getErrorCode())
                    .containsExactly(
                            "model_error",
                            "model_error",
                            "model_error",
                            "model_error",
                            "model_error",
                            "breaker_open",
                            "breaker_open",
                            "");
            Observation first = world.observations.getFirst();
            assertThat(first.getFallbackReason()).isEqualTo("challenger:model_error");
            assertThat(first.getCohort()).isEqualTo(Cohort.COHORT_CANARY);
            assertThat(first.getServed()).isEqualTo(Role.ROLE_CHAMPION);
            assertThat(first.hasComparison()).isFalse();
        }
    }

    @Test
    void answersFromTheOtherArmWhateverAModelThrows() {
        try (EdgeAgent agent = openWith(Fixture.sign(canary(3)), Fixture.sign(Fixture.lease(3, 1)))) {
            world.edge = () -> {
                throw new OutOfMemoryError("as told");
            };
            for (int i = 0; i < 5; i++) {
                assertThat(agent.serve(new Request("user-1", "hi")).servedBy()).isEqualTo(Role.ROLE_CHAMPION);
            }
            world.nanos.addAndGet(TimeUnit.SECONDS.toNanos(31));
            agent.serve(new Request("user-1", "hi"));
            world.edge = () -> World.answer("no");
            world.nanos.addAndGet(TimeUnit.SECONDS.toNanos(61));
            // The failed probe was reported, so that the next one is let through.
            assertThat(agent.serve(new Request("user-1", "hi")).servedBy()).isEqualTo(Role.ROLE_CHALLENGER);
            agent.drain(LONG);

            assertThat(world.observations).hasSize(7);
        }
    }

    @Test
    void cutsWhatTheFrontierSaysOfItself() {
        assertThat(Arms.clean("front\u0000ier-1\n\u0085\ud800")).isEqualTo("frontier-1");
        assertThat(Arms.clean("x".repeat(1_000))).hasSize(128);
        assertThat(Arms.clean("x" + "\ud83d\ude00".repeat(100))).hasSize(127);
    }

    @Test
    void takesAnOutputThatIsNoLabelForAFailure() {
        try (EdgeAgent agent = openWith(Fixture.sign(Fixture.directive(Mode.MODE_SHADOW, 7)))) {
            world.frontierLabel = "Sure! The label is: yes";
            Answer answer = agent.serve(new Request("user-1", "hi"));
            agent.drain(LONG);

            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_CHALLENGER);
            Observation observation = world.observations.getFirst();
            assertThat(observation.getFallbackReason()).isEqualTo("champion:invalid_output");
            assertThat(observation.toString()).doesNotContain("Sure!");
        }
    }

    @Test
    void saysSoWhenNobodyCanAnswer() {
        try (EdgeAgent agent = open()) {
            world.frontierFailure = FrontierFailure.UNREACHABLE;
            Answer answer = agent.serve(new Request("user-1", "hi"));
            agent.drain(LONG);

            assertThat(answer.failure()).hasValue("no model could answer: champion:unreachable");
            assertThat(answer.servedBy()).isEqualTo(Role.ROLE_UNSPECIFIED);
            assertThat(world.observations.getFirst().getOffline()).isTrue();
            assertThat(world.observations.getFirst().getRollout()).isEmpty();
        }
    }

    @Test
    void answersWithTheChallengerWhenTheLeaseRanOutAndTheFrontierIsAway() {
        try (EdgeAgent agent = openWith(Fixture.sign(canary(3)), Fixture.sign(Fixture.lease(3, 1)))) {
            world.wallMs.addAndGet(900_000);
            assertThat(agent.serve(new Request("user-1", "hi")).servedBy()).isEqualTo(Role.ROLE_CHAMPION);
            world.frontierFailure = FrontierFailure.UNREACHABLE;
            assertThat(agent.serve(new Request("user-1", "hi")).servedBy()).isEqualTo(Role.ROLE_CHALLENGER);
            agent.drain(LONG);

            assertThat(world.observations)
                    .extracting(Observation::getFallbackReason)
                    .containsExactly("lease-expired", "expired-offline");
            assertThat(world.observations).extracting(Observation::getOffline).containsExactly(false, true);
        }
    }

    @Test
    void recordsAShedMirrorAsAnUnpairedObservation() {
        world.order(Fixture.sign(Fixture.directive(Mode.MODE_SHADOW, 7)));
        try (EdgeAgent agent = EdgeAgent.open(Fixture.settings(folder, "device-1", 0), world.ports())) {
            until(() -> agent.snapshot().revision() > 0);
            agent.serve(new Request("user-1", "hi"));
            agent.drain(LONG);

            Observation observation = world.observations.getFirst();
            assertThat(arm(observation, Role.ROLE_CHALLENGER).getErrorCode()).isEqualTo("shed");
            assertThat(observation.hasComparison()).isFalse();
            assertThat(agent.snapshot().shed()).isEqualTo(1);
        }
    }

    @Test
    void resumesAfterARestartWithItsOrdersItsFloorAndWhatWasNotSent() {
        world.isUplinkDown = true;
        try (EdgeAgent agent = openWith(Fixture.sign(canary(8)), Fixture.sign(Fixture.lease(8, 1)))) {
            agent.serve(new Request("user-1", "hi"));
            agent.serve(new Request("user-2", "hi"));
            until(() -> agent.snapshot().lastSeq() == 2);
            assertThat(agent.snapshot().spoolDepth()).isEqualTo(2);
        }
        world.isUplinkDown = false;
        world.order(Fixture.sign(canary(7)), Fixture.sign(canary(8).setShareBp(1)));
        try (EdgeAgent agent = open()) {
            assertThat(agent.snapshot().revision()).isEqualTo(8);
            assertThat(agent.snapshot().orders().fallback()).isEmpty();
            agent.serve(new Request("user-3", "hi"));
            agent.drain(LONG);
            until(() -> agent.snapshot().refused().size() == 2);

            assertThat(agent.snapshot().refused())
                    .containsEntry("revision-below-floor", 1L)
                    .containsEntry("revision-replaced", 1L);
            assertThat(world.observations).extracting(Observation::getSeq).containsExactly(1L, 2L, 3L);
            assertThat(agent.snapshot().acknowledged()).isEqualTo(3);
            assertThat(agent.snapshot().spoolDepth()).isZero();
        }
    }

    @Test
    void reportsWhatItObeys() {
        try (EdgeAgent agent = openWith(Fixture.sign(canary(3)), Fixture.sign(Fixture.lease(3, 1)))) {
            until(() ->
                    world.statuses.stream().anyMatch(status -> status.getEvent().equals("orders")));

            assertThat(agent.snapshot().mode()).isEqualTo("canary");
            assertThat(world.statuses).anySatisfy(status -> {
                assertThat(status.getEvent()).isEqualTo("orders");
                assertThat(status.getMode()).isEqualTo("canary");
                assertThat(status.getRevisionObeyed()).isEqualTo(3);
                assertThat(status.getBuild()).isEqualTo("edge-1");
                assertThat(status.getSpoolEpoch()).isNotZero();
            });
        }
        assertThat(world.statuses.getLast().getEvent()).isEqualTo("closed");
    }

    @Test
    void recordsEveryOneOfManyConcurrentRequestsOnce() throws Exception {
        int requests = 3_000;
        try (EdgeAgent agent = openWith(Fixture.sign(Fixture.directive(Mode.MODE_SHADOW, 7)));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < requests; i++) {
                Request request = new Request("user-" + i % 50, "request " + i);
                answers.add(threads.submit(() -> agent.serve(request)));
            }
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().failure()).isEmpty();
            }
            agent.drain(LONG);

            assertThat(world.observations).hasSize(requests);
            assertThat(world.observations.stream().map(Observation::getId).distinct())
                    .hasSize(requests);
            for (int i = 0; i < requests; i++) {
                assertThat(world.observations.get(i).getSeq()).isEqualTo(i + 1L);
            }
            assertThat(agent.snapshot().totals().unrecorded()).isZero();
        }
    }
}
