// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.builds.BuildKeeper;
import io.edgewise.agent.builds.Workshop;
import io.edgewise.agent.spool.Backoff;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.contracts.v1.Role;
import io.edgewise.testkit.Await;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BuildCourierTest {
    @TempDir
    Path folder = Path.of("");

    private final World world = new World();

    @AfterEach
    void close() {
        world.close();
    }

    private static Directive.Builder approved(String build, long revision) {
        return Fixture.directive(Mode.MODE_APPROVED, revision)
                .setPairingCanaryBp(0)
                .setChallenger(ModelRef.newBuilder().setBuild(build));
    }

    @Test
    void servesABuildThatAnOrderNamesOnceItIsHereAndTheFrontierUntilThen() throws Exception {
        Workshop workshop = new Workshop();
        world.keeper = Optional.of(workshop.keeper(folder.resolve("builds"), "intents"));
        world.order(Fixture.sign(approved("domain-hash", 5)));
        try (EdgeAgent agent = EdgeAgent.open(Fixture.settings(folder.resolve("agent")), world.ports())) {
            Await.until("orders", () -> agent.snapshot().revision() == 5);
            assertThat(agent.snapshot().orders().fallback()).isEqualTo("ineligible:unknown-build");
            assertThat(agent.serve(new Request("user-1", "hi")).servedBy()).isEqualTo(Role.ROLE_CHAMPION);

            workshop.publish(Workshop.draft("domain-hash").setWorkload("intents"));
            world.order(Fixture.sign(approved("domain-hash", 6)));
            Await.until("the build", () -> agent.snapshot().orders().fallback().isEmpty());

            Await.until(
                    "a status",
                    () -> world.statuses.stream()
                            .anyMatch(status -> status.getEvent().equals("builds")
                                    && status.getDetail().contains("domain-hash")));
        }
        world.keeper.orElseThrow().close();
    }

    @Test
    void aDownloadThatNobodyWantsAnyMoreGivesWayToTheOneThatIsWanted() throws Exception {
        String slow = "domain-encoder";
        String wanted = "domain-hash";
        Workshop workshop = new Workshop().publish(Workshop.draft(slow)).publish(Workshop.draft(wanted));
        AtomicInteger looks = new AtomicInteger();
        List<Set<String>> heard = new ArrayList<>();
        try (BuildKeeper keeper = workshop.keeper(folder.resolve("builds"), "clinc-domains", Workshop.roomForOne())) {
            BuildCourier courier = new BuildCourier(
                    keeper,
                    // The orders change while the first one comes.
                    () -> Set.of(looks.incrementAndGet() < 4 ? slow : wanted),
                    ready -> heard.add(ready.keySet()),
                    new Backoff(1, 2, () -> 0));

            assertThat(courier.bring()).isFalse();
            assertThat(heard).as("it has not come to its end").isEmpty();
            assertThat(courier.bring()).isTrue();
            assertThat(heard).containsExactly(Set.of(wanted));
        }
    }
}
