// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.agent.orders.Keyring;
import io.edgewise.agent.orders.Moment;
import io.edgewise.agent.spool.Bounds;
import io.edgewise.agent.spool.Lane;
import io.edgewise.agent.spool.Page;
import io.edgewise.agent.spool.Spool;
import io.edgewise.contracts.ObservationFaults;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.ObservationKind;
import io.edgewise.contracts.v1.ReferenceSet;
import io.edgewise.contracts.v1.Role;
import io.edgewise.contracts.v1.Signed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HoldoutTest {
    @TempDir
    Path folder = Path.of("");

    private final World world = new World();
    private final List<String> events = new ArrayList<>();
    private Duration quiet = Duration.ofHours(1);

    @AfterEach
    void close() {
        world.close();
    }

    private static ReferenceSet.Builder set(int examples) {
        ReferenceSet.Builder set = ReferenceSet.newBuilder()
                .setTenant("default")
                .setWorkload("intents")
                .setName("set-1")
                .setVersion(1);
        for (int i = 0; i < examples; i++) {
            set.addExamples(ReferenceSet.Example.newBuilder()
                    .setItem("item-" + i)
                    .setText("text " + i)
                    .setTruthLabel(i % 4 == 0 ? "no" : "yes"));
        }
        return set;
    }

    private static Signed sign(ReferenceSet.Builder set) {
        return Signing.sign(Signing.REFERENCE, set.build().toByteArray(), "k1", Fixture.KEYS.getPrivate());
    }

    private References read(Signed signed) {
        return References.read(
                signed,
                Keyring.of(Fixture.KEYS.getPublic()),
                "default",
                Fixture.settings(folder).workload());
    }

    private Arms arms() {
        return new Arms(Fixture.settings(folder), world.ports(), (event, detail) -> {});
    }

    private Holdout holdout(Spool spool, HoldoutRuns runs) {
        return holdout(spool, runs, arms());
    }

    private Holdout holdout(Spool spool, HoldoutRuns runs, Arms arms) {
        AgentSettings settings = Fixture.settings(folder);
        AgentPorts ports = world.ports();
        Holdout holdout = new Holdout(
                settings,
                new Holdout.Parts(arms, spool, () -> quiet, (event, detail) -> events.add(event + ": " + detail)),
                new Desk.Surroundings(
                        new Dice(ports.random()),
                        () -> new Moment(world.wallMs.get(), world.nanos.get()),
                        ports.extras()),
                runs);
        holdout.use(read(sign(set(60))));
        return holdout;
    }

    private Spool spool() throws Exception {
        AgentSettings settings = Fixture.settings(folder);
        return Spool.open(
                folder,
                Map.of(
                        Lane.OBSERVATIONS,
                        new ObservationLane(settings, world.ports().clock(), () -> 0)),
                Bounds.DEFAULT);
    }

    private static List<Observation> recorded(Spool spool, int count) throws Exception {
        List<Observation> observations = new ArrayList<>();
        while (observations.size() < count) {
            for (Page.Stored stored : spool.read(Lane.OBSERVATIONS, spool.epoch(), observations.size(), 1000)
                    .get()
                    .records()) {
                observations.add(Observation.parseFrom(stored.bytes()));
            }
        }
        return observations;
    }

    @Test
    void answersTheWholeSetOnceADayAndSaysHowManyWereRight() throws Exception {
        try (Spool spool = spool()) {
            Holdout holdout = holdout(spool, HoldoutRuns.NONE);
            holdout.step("edge-1");
            holdout.step("edge-1");
            holdout.step("edge-1");

            List<Observation> observations = recorded(spool, 60);
            assertThat(observations).hasSize(60);
            assertThat(events).containsExactly("holdout: run 1 of set-1: edge-1 answered 45 of 60 as they should be");
            for (Observation observation : observations) {
                assertThat(ObservationFaults.of(observation, world.wallMs.get()))
                        .isEmpty();
                assertThat(ObservationFaults.isTraffic(observation)).isFalse();
                assertThat(observation.getKind()).isEqualTo(ObservationKind.OBSERVATION_KIND_HOLDOUT);
                assertThat(observation.getArms(0).getRole()).isEqualTo(Role.ROLE_CHALLENGER);
                assertThat(observation.getArms(0).getEntropy()).isEqualTo(0.3);
                assertThat(observation.getHoldout().getItems()).isEqualTo(60);
                assertThat(observation.getHoldout().getReferenceSha256()).hasSize(64);
                assertThat(observation.getRequestText()).isEmpty();
            }
            assertThat(observations)
                    .filteredOn(observation -> !observation.getHoldout().getCorrect())
                    .allSatisfy(observation ->
                            assertThat(observation.getHoldout().getTruthLabel()).isEqualTo("no"))
                    .hasSize(15);
            assertThat(observations.subList(0, 30))
                    .as("a day that ends early has asked a sample, not the beginning")
                    .anyMatch(observation -> number(observation) >= 30);

            world.wallMs.addAndGet(24 * 3_600_000L);
            holdout.step("edge-1");
            assertThat(recorded(spool, 110).getLast().getHoldout().getRun()).isEqualTo(2);
        }
    }

    private static int number(Observation observation) {
        return Integer.parseInt(observation.getHoldout().getItem().substring("item-".length()));
    }

    @Test
    void whatWasNotRecordedIsAskedAgain() throws Exception {
        Spool closed = spool();
        Holdout holdout = holdout(closed, HoldoutRuns.NONE);
        closed.close();
        holdout.step("edge-1");
        assertThat(HoldoutRuns.load(folder).next()).isZero();

        try (Spool spool = spool()) {
            Holdout again = holdout(spool, HoldoutRuns.load(folder));
            again.step("edge-1");
            again.step("edge-1");
            assertThat(recorded(spool, 60)).hasSize(60);
        }
    }

    @Test
    void anEndInTheMiddleOfAStepRecordsNothingThatTheEndMadeWrong() throws Exception {
        CountDownLatch asked = new CountDownLatch(10);
        CountDownLatch goOn = new CountDownLatch(1);
        try (Spool spool = spool()) {
            Holdout holdout = holdout(spool, HoldoutRuns.NONE);
            world.edge = () -> {
                asked.countDown();
                if (asked.getCount() == 0) {
                    try {
                        goOn.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("interrupted", e);
                    }
                }
                return World.answer("yes");
            };
            holdout.wake(() -> "edge-1");
            asked.await();
            holdout.close();

            assertThat(recorded(spool, 9))
                    .hasSize(9)
                    .allMatch(observation -> observation.getHoldout().hasCorrect());
            assertThat(HoldoutRuns.load(folder).next()).isEqualTo(9);
        }
    }

    @Test
    void aBuildThatGoesAwayInTheMiddleOfAnAnswerIsNotRecordedAsWrong() throws Exception {
        try (Spool spool = spool()) {
            Arms arms = arms();
            Holdout holdout = holdout(spool, HoldoutRuns.NONE, arms);
            AtomicInteger count = new AtomicInteger();
            world.edge = () -> {
                if (count.incrementAndGet() == 7) {
                    arms.replace(Map.of());
                    throw new IllegalStateException("the model was closed");
                }
                return World.answer("yes");
            };
            holdout.step("edge-1");

            assertThat(recorded(spool, 6)).hasSize(6);
            assertThat(HoldoutRuns.load(folder).next()).isEqualTo(6);
        }
    }

    @Test
    void requestsThatComeEndAStepExceptOnMains() throws Exception {
        try (Spool spool = spool()) {
            Holdout holdout = holdout(spool, HoldoutRuns.NONE);
            AtomicInteger count = new AtomicInteger();
            world.edge = () -> {
                if (count.incrementAndGet() == 7) {
                    quiet = Duration.ofSeconds(3);
                }
                return World.answer("yes");
            };
            holdout.step("edge-1");
            assertThat(recorded(spool, 7)).hasSize(7);

            world.state = state(0.9, true, DeviceState.Thermal.NOMINAL, false);
            holdout.step("edge-1");
            assertThat(recorded(spool, 57))
                    .as("on mains it does not wait for quiet")
                    .hasSize(57);
        }
    }

    @Test
    void goesOnAfterARestartWhereItWas() throws Exception {
        try (Spool spool = spool()) {
            holdout(spool, HoldoutRuns.NONE).step("edge-1");
            recorded(spool, 50);
            holdout(spool, HoldoutRuns.load(folder)).step("edge-1");

            List<Observation> observations = recorded(spool, 60);
            assertThat(observations)
                    .extracting(observation -> observation.getHoldout().getItem())
                    .doesNotHaveDuplicates();
            assertThat(events).hasSize(1);
        }
    }

    @Test
    void waitsUntilTheDeviceIsIdleOrCharging() throws Exception {
        try (Spool spool = spool()) {
            Holdout holdout = holdout(spool, HoldoutRuns.NONE);
            for (DeviceState busy : List.of(
                    state(0.9, false, DeviceState.Thermal.NOMINAL, false),
                    state(0.3, false, DeviceState.Thermal.NOMINAL, true),
                    state(0.9, true, DeviceState.Thermal.SERIOUS, true))) {
                world.state = busy;
                holdout.step("edge-1");
                assertThat(spool.counts(Lane.OBSERVATIONS).lastSeq()).isZero();
            }
            holdout.step("unknown-build");
            world.state = state(0.1, true, DeviceState.Thermal.NOMINAL, false);
            holdout.step("edge-1");

            assertThat(recorded(spool, 50)).hasSize(50);
        }
    }

    private static DeviceState state(double battery, boolean charging, DeviceState.Thermal thermal, boolean idle) {
        return new DeviceState(OptionalDouble.of(battery), Optional.of(charging), Optional.empty(), thermal, idle);
    }

    @Test
    void recordsAnAnswerThatFailedAsNeitherRightNorWrong() throws Exception {
        try (Spool spool = spool()) {
            world.edge = () -> {
                throw new IllegalStateException("broken model");
            };
            holdout(spool, HoldoutRuns.NONE).step("edge-1");

            assertThat(recorded(spool, 50))
                    .noneMatch(observation -> observation.getHoldout().hasCorrect());
        }
    }

    @Test
    void refusesTruthsThatTheWorkloadOfThisDeviceCannotAnswer() {
        assertThatThrownBy(() -> read(sign(set(1).addExamples(ReferenceSet.Example.newBuilder()
                        .setItem("other")
                        .setText("text")
                        .setTruthLabel("perhaps")))))
                .hasMessageContaining("\"other\" is \"perhaps\", which is no label");
    }

    @Test
    void refusesSetsThatMayNotBeBelieved() {
        Signed foreign = Signing.sign(
                Signing.REFERENCE,
                set(1).build().toByteArray(),
                "k1",
                Fixture.keys().getPrivate());
        assertThatThrownBy(() -> read(foreign)).hasMessageContaining("not signed");
        assertThatThrownBy(() ->
                        read(sign(set(1)).toBuilder().setDomain(Signing.BUILD).build()))
                .hasMessageContaining("not signed");
        assertThatThrownBy(() -> read(sign(set(1).setWorkload("other")))).hasMessageContaining("default/other");
        assertThatThrownBy(() -> read(sign(set(0)))).hasMessageContaining("0 examples");
        assertThatThrownBy(() -> read(sign(set(1).addExamples(set(1).getExamples(0)))))
                .hasMessageContaining("twice");
    }
}
