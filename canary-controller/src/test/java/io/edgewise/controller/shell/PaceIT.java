// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.controller.Pace;
import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.World;
import io.edgewise.controller.shell.Bodies.RolloutView;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// When rollouts are looked at and when they are shown, on a real database.
@ExtendWith(PlatformExtension.class)
class PaceIT {
    private static final Instant START = Instant.parse("2026-11-21T08:00:00Z");

    private final StandIn standIn;
    private final SigningKeys keys = StandIn.keys();
    private final MutableClock clock = new MutableClock(START);
    private final Looking looking = new Looking();
    private final RolloutDesk desk;

    PaceIT(Platform platform) throws Exception {
        standIn = new StandIn(platform);
        desk = new RolloutDesk(standIn.database(), keys, clock, StandIn.config(), looking);
    }

    private Deciding deciding(Pace pace, long restMillis) {
        RolloutRows rows = new RolloutRows();
        Enactment enactment = new Enactment(rows, keys, pace);
        return new Deciding(standIn.database(), rows, looking, enactment, clock, restMillis);
    }

    @Test
    void verdictsAreWrittenForPeopleOnceASecondAndAtOnceWithADecision() throws Exception {
        Deciding deciding = deciding(new Pace(50, 50, 1_000), 0);
        String id = StandIn.start(desk, "shown", StandIn.PLAN);
        World world = new World(new SplittableRandom(3), World.Traits.BAD).shadow(100);
        standIn.publish("shown", id, world, clock.instant());

        Instant first = look(deciding, id, Duration.ofSeconds(2));
        assertThat(shownAt(id)).isEqualTo(first);
        standIn.publish("shown", id, world.shadow(100), clock.instant());
        Instant second = look(deciding, id, Duration.ofMillis(300));
        assertThat(at(id, "looked_at")).isEqualTo(second);
        assertThat(shownAt(id)).as("nothing is decided and it was just shown").isEqualTo(first);
        Instant third = look(deciding, id, Duration.ofMillis(800));
        assertThat(shownAt(id)).isEqualTo(third);

        standIn.publish("shown", id, world.shadow(6_000), clock.instant());
        Instant fourth = look(deciding, id, Duration.ofMillis(300));
        RolloutView view = desk.get(id);
        assertThat(view.outcome()).isEqualTo("rolled_back");
        assertThat(shownAt(id)).isEqualTo(fourth);
        assertThat(view.outlook()).isEqualTo(view.lastDecision());
        assertThat(view.alpha().rollback()).isEqualTo(0.01);
        assertThat(view.alpha().rollbackSpent()).isGreaterThan(0).isLessThan(0.01);
        assertThat(view.decisions().getLast().detail().toString())
                .contains("alpha={")
                .contains("rollback=0.01, rollbackSpent=0.0");
    }

    @Test
    void whatIsNamedWhileItRestsIsLookedAtAfterItsRest() throws Exception {
        Deciding deciding = deciding(new Pace(10_000, 10_000, 0), 250);
        String id = StandIn.start(desk, "resting", StandIn.PLAN);
        Instant looked = look(deciding, id, Duration.ofSeconds(1));

        clock.advance(Duration.ofMillis(100));
        deciding.round(Set.of(id));
        assertThat(deciding.left()).isEqualTo(Deciding.Left.RESTING);
        assertThat(at(id, "looked_at")).isEqualTo(looked);

        clock.advance(Duration.ofMillis(200));
        deciding.round(Set.of());
        assertThat(deciding.left()).isEqualTo(Deciding.Left.NOTHING);
        assertThat(at(id, "looked_at")).isEqualTo(clock.instant());
    }

    private Instant look(Deciding deciding, String id, Duration later) throws SQLException {
        clock.advance(later);
        deciding.round(Set.of(id));
        return clock.instant();
    }

    private Instant shownAt(String id) throws SQLException {
        return standIn.database()
                .read(sql -> sql.first(
                                "SELECT min(at) AS at FROM controller.verdict WHERE rollout = ?",
                                row -> Times.get(row, "at"),
                                id)
                        .orElseThrow());
    }

    private Instant at(String id, String column) throws SQLException {
        return standIn.database()
                .read(sql -> sql.first(
                                "SELECT " + column + " AS at FROM controller.rollout WHERE rollout = ?",
                                row -> Times.get(row, "at"),
                                id)
                        .orElseThrow());
    }
}
