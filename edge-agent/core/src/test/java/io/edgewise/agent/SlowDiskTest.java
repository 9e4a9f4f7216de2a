// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Observation;
import io.edgewise.testkit.Await;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class SlowDiskTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int MOST_WAITING = 20_000;
    private static final int BEFORE = 10;
    private static final int BEYOND = 1_000;

    @TempDir
    Path folder = Path.of("");

    /// So that the agent's end need not wait when a test fails.
    private interface Release extends AutoCloseable {
        @Override
        void close();
    }

    private static void ask(EdgeAgent agent, int requests) {
        for (int i = 0; i < requests; i++) {
            assertThat(agent.serve(new Request("user-" + i, "what is this")).label())
                    .isEqualTo("yes");
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Timeout(300)
    void aDiskThatDoesNotComeBackHoldsUpNobodyAndWhatWaitsForItIsBoundedAndCounted() {
        CountDownLatch back = new CountDownLatch(1);
        try (World world = new World()) {
            world.isUplinkDown = true;
            try (EdgeAgent agent = EdgeAgent.open(Fixture.settings(folder), world.ports());
                    Release _ = back::countDown) {
                ask(agent, BEFORE);
                Await.until("they are durable", () -> agent.snapshot().lastSeq() == BEFORE);
                world.disk = () -> waitFor(back);

                ask(agent, BEYOND);
                assertThat(agent.snapshot().totals().unrecorded()).isZero();
                ask(agent, MOST_WAITING);
                AgentSnapshot held = agent.snapshot();
                assertThat(held.totals())
                        .as("each is answered, and those that may not wait too are counted")
                        .isEqualTo(new AgentSnapshot.Totals(BEFORE + BEYOND + MOST_WAITING, 0, 0, BEYOND));
                assertThat(held.lastSeq()).as("nothing is called durable").isEqualTo(BEFORE);

                back.countDown();
                Await.until("what waited is durable", () -> agent.snapshot().lastSeq() == BEFORE + MOST_WAITING);
                assertThat(agent.snapshot().totals().unrecorded()).isEqualTo(BEYOND);
            }
            world.isUplinkDown = false;
            try (EdgeAgent again = EdgeAgent.open(Fixture.settings(folder), world.ports())) {
                again.drain(LONG);
            }
            assertThat(world.observations)
                    .extracting(Observation::getSeq)
                    .containsExactlyElementsOf(LongStream.rangeClosed(1, BEFORE + MOST_WAITING)
                            .boxed()
                            .toList());
        }
    }

    @Test
    @Tag("slow")
    void noRequestWaitsForADiskThatTakesTwoSecondsForEachSync() throws Exception {
        assertThat(SmallDisk.runSlowly(AgentOnASlowDisk.class, folder, Duration.ofSeconds(2)))
                .contains("as it should be");
    }

    static final class AgentOnASlowDisk {
        private static final int REQUESTS = 300;

        private AgentOnASlowDisk() {}

        public static void main(String[] arguments) {
            try (World world = new World();
                    EdgeAgent agent = EdgeAgent.open(Fixture.settings(Path.of(arguments[0])), world.ports())) {
                long began = System.nanoTime();
                ask(agent, 1);
                Await.until("it is durable", () -> agent.snapshot().lastSeq() == 1);
                assertThat(System.nanoTime() - began)
                        .as("the disk is slow")
                        .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_900));

                ask(agent, REQUESTS);
                assertThat(agent.snapshot().lastSeq())
                        .as("durable when all are answered")
                        .isLessThan(REQUESTS);
                Await.until("all are durable", () -> agent.snapshot().lastSeq() == REQUESTS + 1);
                assertThat(agent.snapshot().totals()).isEqualTo(new AgentSnapshot.Totals(REQUESTS + 1, 0, 0, 0));
                agent.drain(LONG);
                assertThat(world.observations).hasSize(REQUESTS + 1);
                System.out.println("as it should be");
            }
        }
    }
}
