// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.Observation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FullDiskTest {
    @TempDir
    Path folder = Path.of("");

    @Test
    void aFullDiskFailsNoRequestAndEachThatCouldNotBeRecordedIsCounted() throws Exception {
        assertThat(SmallDisk.run(AgentOnAFullDisk.class, folder, "size=16m")).contains("as it should be");
    }

    static final class AgentOnAFullDisk {
        private static final Duration LONG = Duration.ofSeconds(20);
        private static final int REQUESTS = 1_000;

        private AgentOnAFullDisk() {}

        public static void main(String[] arguments) throws Exception {
            Path folder = Path.of(arguments[0]);
            try (World world = new World()) {
                world.isUplinkDown = true;
                try (EdgeAgent agent = EdgeAgent.open(Fixture.settings(folder), world.ports())) {
                    ask(agent, 10);
                    settle(agent);
                    assertThat(agent.snapshot().totals().unrecorded()).isZero();

                    Path ballast = SmallDisk.fill(folder);
                    ask(agent, REQUESTS);
                    settle(agent);
                    long unrecorded = agent.snapshot().totals().unrecorded();
                    assertThat(unrecorded).isBetween(1L, (long) REQUESTS);

                    Files.delete(ballast);
                    ask(agent, REQUESTS);
                    settle(agent);
                    AgentSnapshot now = agent.snapshot();
                    assertThat(now.totals()).isEqualTo(new AgentSnapshot.Totals(2 * REQUESTS + 10, 0, 0, unrecorded));
                    assertThat(now.lastSeq()).isEqualTo(2 * REQUESTS + 10 - unrecorded);

                    world.isUplinkDown = false;
                    agent.drain(LONG);
                    assertThat(world.observations)
                            .extracting(Observation::getSeq)
                            .containsExactlyElementsOf(LongStream.rangeClosed(1, now.lastSeq())
                                    .boxed()
                                    .toList());
                    System.out.println("as it should be, with " + unrecorded + " unrecorded");
                }
            }
        }

        private static void ask(EdgeAgent agent, int requests) {
            for (int i = 0; i < requests; i++) {
                assertThat(agent.serve(new Request("user-" + i, "what is this")).label())
                        .isEqualTo("yes");
            }
        }

        /// Until each request is in the spool or counted as one that is not.
        private static void settle(EdgeAgent agent) throws InterruptedException {
            for (int i = 0; i < 2_000; i++) {
                AgentSnapshot now = agent.snapshot();
                if (now.lastSeq() + now.totals().unrecorded() == now.totals().served()) {
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(10);
            }
            throw new AssertionError("requests that are neither recorded nor counted: " + agent.snapshot());
        }
    }
}
