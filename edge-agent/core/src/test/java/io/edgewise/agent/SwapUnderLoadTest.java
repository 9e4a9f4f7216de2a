// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.builds.Workshop;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.testkit.Await;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two builds of which the device has room for one: each order drives the other out, in the middle of requests.
final class SwapUnderLoadTest {
    private static final List<String> BUILDS = List.of("domain-hash", "domain-encoder");
    private static final int SWAPS = 6;
    private static final int APPS = 3;

    @TempDir
    Path folder = Path.of("");

    private AgentSettings settings() throws IOException {
        AgentSettings usual = Fixture.settings(folder.resolve("agent"));
        Workload workload = new Workload(
                "intents",
                1,
                Workload.Kind.CLASSIFICATION,
                Workshop.draft(BUILDS.getFirst()).getLabelsList(),
                Set.of(),
                "same-label/1",
                "USD",
                "demo-1",
                Map.of("edge", 10L, "cloud", 400_000L));
        return new AgentSettings(
                usual.tenant(),
                usual.device(),
                usual.deviceToken(),
                usual.feedbackKey(),
                usual.folder(),
                workload,
                usual.context(),
                usual.slices(),
                usual.frontier(),
                usual.mirrorQueue(),
                usual.policies());
    }

    @Test
    void noRequestFailsWhileBuildsComeAndGo() throws Exception {
        Workshop workshop = new Workshop();
        for (String build : BUILDS) {
            workshop.publish(Workshop.draft(build).setWorkload("intents"));
        }
        AtomicBoolean isOver = new AtomicBoolean();
        Set<String> served = ConcurrentHashMap.newKeySet();
        try (World world = new World();
                var keeper = workshop.keeper(folder.resolve("builds"), "intents", Workshop.roomForOne())) {
            world.keeper = Optional.of(keeper);
            world.frontierLabel = Workshop.draft(BUILDS.getFirst()).getLabels(0);
            try (EdgeAgent agent = EdgeAgent.open(settings(), world.ports());
                    ExecutorService apps = Executors.newFixedThreadPool(APPS)) {
                List<Future<Integer>> asking = new ArrayList<>();
                for (int i = 0; i < APPS; i++) {
                    String unit = "user-" + i;
                    asking.add(apps.submit(() -> {
                        int asked = 0;
                        while (!isOver.get()) {
                            Answer answer = agent.serve(new Request(unit, "tell me what your name is"));
                            assertThat(answer.failure()).isEmpty();
                            served.add(answer.details().who());
                            asked++;
                        }
                        return asked;
                    }));
                }
                try {
                    for (int swap = 1; swap <= SWAPS; swap++) {
                        String build = BUILDS.get(swap % BUILDS.size());
                        world.order(Fixture.sign(Fixture.directive(Mode.MODE_APPROVED, swap)
                                .setPairingCanaryBp(0)
                                .setChallenger(ModelRef.newBuilder().setBuild(build))));
                        long revision = swap;
                        Await.until(
                                "build " + build + " is in service",
                                () -> agent.snapshot().revision() == revision
                                        && agent.snapshot().orders().fallback().isEmpty());
                        assertThat(keeper.ready()).containsOnlyKeys(build);
                        served.remove(build);
                        Await.until("it serves", () -> served.contains(build));
                    }
                } finally {
                    isOver.set(true);
                }
                for (Future<Integer> each : asking) {
                    assertThat(each.get()).isPositive();
                }
                agent.drain(Duration.ofSeconds(20));
                assertThat(agent.snapshot().totals().failed()).isZero();
            }
        }
    }
}
