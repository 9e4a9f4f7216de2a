// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.World;
import io.edgewise.controller.shell.Bodies.DecisionView;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Decisions computed once more, by whoever has only what is stored.
@ExtendWith(PlatformExtension.class)
class ReplayIT {
    private static final Instant START = Instant.parse("2026-11-30T08:00:00Z");

    private final StandIn standIn;
    private final SigningKeys keys = StandIn.keys();
    private final MutableClock clock = new MutableClock(START);
    private final Looking looking = new Looking();
    private final RolloutDesk desk;
    private final ReplayDesk replays;
    private final Deciding deciding;

    ReplayIT(Platform platform) throws Exception {
        standIn = new StandIn(platform);
        RolloutRows rows = new RolloutRows();
        desk = new RolloutDesk(standIn.database(), keys, clock, StandIn.config(), looking);
        replays = new ReplayDesk(standIn.database(), StandIn.config());
        deciding = new Deciding(
                standIn.database(),
                rows,
                looking,
                new Enactment(rows, keys, StandIn.config().pace()),
                clock,
                0);
    }

    @Test
    void decisionsAreTheSameToTheByteAndOneThatWasChangedIsNamedWithItsPlace() throws Exception {
        String id = rolledBack("again");
        List<DecisionView> log = desk.decisions(id);

        ReplayDesk.ReplayView same = replays.same(id);
        assertThat(same.differences()).isEmpty();
        assertThat(same.same()).isTrue();
        assertThat(same.decisions()).isEqualTo(log.size()).isGreaterThan(1);
        assertThat(same.blocks()).isGreaterThan(3);

        standIn.database().transact(sql -> {
            sql.update("ALTER TABLE controller.decision DISABLE TRIGGER decision_is_final");
            sql.update(
                    "UPDATE controller.decision SET detail = replace(detail, '\"verdict\":\"BREACH\"',"
                            + " '\"verdict\":\"SAFE\"') WHERE rollout = ? AND number = ?",
                    id,
                    log.getLast().number());
            return sql.update("ALTER TABLE controller.decision ENABLE TRIGGER decision_is_final");
        });

        ReplayDesk.ReplayView other = replays.same(id);
        assertThat(other.same()).isFalse();
        assertThat(other.differences())
                .contains(new ReplayDesk.Difference(
                        log.getLast().number(), "guardrails.agreement.verdict", "SAFE", "BREACH"))
                .allMatch(each -> each.decision() == log.getLast().number());
    }

    @Test
    void anotherPlanSaysWhatItWouldHaveSaidOnTheSameEvidence() throws Exception {
        String id = rolledBack("other");

        ReplayDesk.OtherView strict = replays.other(id, "{\"plan\": " + StandIn.PLAN + "}");
        ReplayDesk.OtherView lenient = replays.other(
                id,
                "{\"plan\": "
                        + StandIn.PLAN.replaceFirst(
                                "\\{", "{\"guardrails\": [{\"name\": \"agreement\", \"limit\": 0.5}],")
                        + "}");

        assertThat(strict.changes())
                .anyMatch(each ->
                        each.guardrail().equals("agreement") && each.is().equals("BREACH"));
        assertThat(lenient.changes())
                .noneMatch(each ->
                        each.guardrail().equals("agreement") && each.is().equals("BREACH"));
        assertThat(lenient.planHash()).isNotEqualTo(strict.planHash());
        assertThatThrownBy(() -> replays.other(id, "{}")).hasMessageContaining("it needs \"plan\"");
        assertThatThrownBy(() -> replays.same("01ARZ3NDEKTSV4RRFFQ69G5FAV"))
                .hasMessageContaining("lists those that are");
    }

    /// By evidence that comes in small pieces.
    private String rolledBack(String workload) throws Exception {
        String id = StandIn.start(desk, workload, StandIn.PLAN);
        World world = new World(new SplittableRandom(7), World.Traits.BAD);
        for (int block = 0; block < 60 && desk.get(id).outcome() == null; block++) {
            standIn.publish(
                    workload,
                    id,
                    world.shadow(150),
                    clock.advance(Duration.ofSeconds(11)).instant());
            deciding.round(Set.of(id));
        }
        assertThat(desk.get(id).outcome()).isEqualTo("rolled_back");
        return id;
    }
}
