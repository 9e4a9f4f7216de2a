// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.World;
import io.edgewise.embedded.EmbeddedTopics;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.runtime.kafka.KafkaSettings;
import io.edgewise.statistics.grid.LogGrid;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The role as it runs: its threads, its notifications, its outbox, the real clock.
@ExtendWith(PlatformExtension.class)
class ControllerRoleIT {
    private final StandIn standIn;
    private final RolloutDesk desk;
    private final ControllerRole role;

    ControllerRoleIT(Platform platform) throws Exception {
        standIn = new StandIn(platform);
        EmbeddedTopics.create(
                platform.bootstrapServers(),
                List.of(new NewTopic(Topics.DIRECTIVES, Optional.of(4), Optional.empty())));
        SigningKeys keys = StandIn.keys();
        Looking looking = new Looking();
        desk = new RolloutDesk(standIn.database(), keys, InstantSource.system(), StandIn.config(), looking);
        role = new ControllerRole(
                standIn.database(),
                new KafkaSettings(platform.bootstrapServers(), Map.of()),
                keys,
                InstantSource.system(),
                StandIn.config(),
                looking);
    }

    @AfterEach
    void stop() {
        role.stop();
        role.stop();
    }

    @Test
    void aBreachRollsBackByItselfAndItsOrderIsSent() throws Exception {
        assertThat(role.health().up()).isFalse();
        role.start();
        role.start();
        String id = StandIn.start(desk, "live", StandIn.PLAN);
        standIn.publish("live", id, new World(new SplittableRandom(1), World.Traits.BAD).shadow(4_000), Instant.now());
        notifyOf(id);

        Await.until("rolled back", () -> "rolled_back".equals(desk.get(id).outcome()));
        Await.until("orders sent", () -> waiting(id) == 0);

        assertThat(role.health().up()).isTrue();
        assertThat(desk.audit(id).intact()).isTrue();
        assertThat(desk.get(id).revision()).isEqualTo(2);
    }

    @Test
    void openDriftOfSeverityActHoldsPromotionAndIsNamed() throws Exception {
        String id = StandIn.start(desk, "drifting", StandIn.PLAN);
        standIn.database().transact(sql -> {
            sql.update("CREATE SCHEMA IF NOT EXISTS drift");
            sql.update("""
                CREATE TABLE drift.published_finding (tenant text, rollout text, finding text, feature text,
                    severity text, opened_minute bigint, closed_minute bigint, sentence text, at timestamptz,
                    slice text DEFAULT 'all')
                """);
            sql.update(
                    "INSERT INTO drift.published_finding VALUES ('default', ?, 'F', 'entropy', 'act', 1, NULL, 's',"
                            + " now())",
                    id);
            return true;
        });
        role.start();

        Await.until(
                "the hold is told", () -> desk.get(id).outlook().contains("open finding of severity act on entropy"));
    }

    /// As an evaluator publishes it.
    private static void counted(Sql sql, String workload, String rollout, Stratum stratum, Tally tally)
            throws SQLException {
        sql.update(
                "INSERT INTO evaluator.published_evidence VALUES ('default', ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                workload,
                rollout,
                stratum.stage(),
                stratum.cohort().getNumber(),
                stratum.pairingRateBp(),
                stratum.escalated(),
                stratum.slice(),
                tally.encode(),
                Instant.now().toEpochMilli());
    }

    @Test
    void groupsOfASensitiveSliceThatFareDifferentlyRollBack() throws Exception {
        String plan = StandIn.PLAN.replaceFirst("\\{", """
            {"guardrails": [{"name": "bias-gap", "limit": 0.1, "weight": 0.5}],\
            """);
        String id = StandIn.start(desk, "fair", plan);
        desk.define("fair", "{\"prices\": {\"cloud\": 5000, \"edge\": 1000}, \"sensitive\": [\"locale\"]}");
        standIn.database().transact(sql -> {
            for (String slice : List.of("all", "locale=de", "locale=fr", "domain=bank", "domain=work")) {
                Tally tally = new Tally()
                        .add(Measures.REQUESTS, 0, 2_000)
                        .add(Measures.PAIRS, 0, slice.endsWith("fr") || slice.endsWith("bank") ? 1_200 : 1_900)
                        .add(Measures.PAIRS, 1, slice.endsWith("fr") || slice.endsWith("bank") ? 800 : 100)
                        .add(Measures.DEVICES, 0, 60);
                counted(sql, "fair", id, new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, slice), tally);
            }
            return true;
        });
        role.start();

        Await.until("rolled back", () -> "rolled_back".equals(desk.get(id).outcome()));

        assertThat(desk.decisions(id).toString())
                .contains("in agreement between locale=de (95.0 %) and locale=fr (60.0 %)")
                .doesNotContain("domain=");
        assertThat(desk.audit(id).intact()).isTrue();
    }

    @Test
    void aBadSliceOfAGoodBuildIsNamedAndRollsBack() throws Exception {
        String plan = StandIn.PLAN.replaceFirst("\\{", """
            {"guardrails": [{"name": "slice-agreement", "limit": 0.8, "slices": ["chipset"]}],\
            """);
        String id = StandIn.start(desk, "sliced", plan);
        standIn.database().transact(sql -> {
            for (String slice : List.of("all", "chipset=a1", "chipset=b2", "chipset=c3")) {
                boolean bad = slice.endsWith("c3");
                counted(
                        sql,
                        "sliced",
                        id,
                        new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, slice),
                        new Tally()
                                .add(Measures.REQUESTS, 0, 600)
                                .add(Measures.PAIRS, 0, bad ? 300 : 570)
                                .add(Measures.PAIRS, 1, bad ? 300 : 30)
                                .add(Measures.DEVICES, 0, 60));
            }
            return true;
        });
        role.start();

        Await.until("rolled back", () -> "rolled_back".equals(desk.get(id).outcome()));

        assertThat(desk.decisions(id).getLast().sentence())
                .contains("Agreement in each slice: of 3 slices by chipset the worst is chipset=c3 with 50.0 % [")
                .contains(" in chipset=c3, on the requests served");
    }

    @Test
    void aDeviceClassThatMissesItsOwnBudgetIsNamedAndRollsBack() throws Exception {
        String plan = StandIn.PLAN.replaceFirst("\\{", """
            {"guardrails": [{"name": "slice-latency", "limit": 2000000, "budgets": {"device_class=kiosk": 800000}}],\
            """);
        String id = StandIn.start(desk, "classes", plan);
        standIn.database().transact(sql -> {
            for (String slice : List.of("all", "device_class=kiosk", "device_class=watch")) {
                counted(
                        sql,
                        "classes",
                        id,
                        new Stratum(1, Cohort.COHORT_CANARY, 10_000, false, slice),
                        new Tally()
                                .add(Measures.REQUESTS, 0, 600)
                                .add(Measures.USER_LATENCY, LogGrid.cell(1_000_000), 600)
                                .add(Measures.DEVICES, 0, 60));
            }
            return true;
        });
        role.start();

        Await.until("rolled back", () -> "rolled_back".equals(desk.get(id).outcome()));

        assertThat(desk.decisions(id).getLast().sentence())
                .contains("of 2 slices by device_class the worst is device_class=kiosk with 100.0 % [")
                .contains("at most 5 % may take longer than 800 ms: BREACH, e = ")
                .contains(" in device_class=kiosk, on the requests served");
    }

    @Test
    void aChallengerThatFailsTheReferenceHoldoutIsRolledBack() throws Exception {
        String plan = StandIn.PLAN.replaceFirst("\\{", """
            {"guardrails": [{"name": "holdout", "limit": 0.8}],\
            """);
        String id = StandIn.start(desk, "held-out", plan);
        standIn.publish(
                "held-out", id, new World(new SplittableRandom(4), World.Traits.GOOD).shadow(50), Instant.now());
        standIn.database().transact(sql -> {
            sql.update("CREATE SCHEMA IF NOT EXISTS drift");
            sql.update("CREATE TABLE drift.published_holdout (tenant text, workload text, build text, correct bigint,"
                    + " n bigint, at timestamptz)");
            sql.update("INSERT INTO drift.published_holdout VALUES ('default', 'held-out', 'held-out-int4', 900, 1000,"
                    + " now() - interval '9 days'), ('default', 'held-out', 'held-out-int4', 120, 200, now() + interval"
                    + " '1 second'), ('default', 'held-out', 'held-out-int4', 118, 200, now() + interval '1 second')");
            return true;
        });
        role.start();

        Await.until("rolled back", () -> "rolled_back".equals(desk.get(id).outcome()));

        assertThat(desk.decisions(id).getLast().sentence())
                .contains("Holdout accuracy 59.5 % [")
                .contains("of 400 answers; floor 80 %: BREACH, e = ")
                .contains("on the reference holdout");
    }

    @Test
    void oneRolloutThatCannotBeReadDoesNotHoldUpTheOthers() throws Exception {
        String broken = StandIn.start(desk, "broken", StandIn.PLAN);
        String fine = StandIn.start(desk, "fine", StandIn.PLAN);
        standIn.database().transact(sql -> sql.update("""
            INSERT INTO evaluator.published_evidence
            VALUES ('default', 'broken', ?, 0, 1, 10000, false, 'all', '\\x09'::bytea, 0)
            """, broken));
        standIn.publish(
                "fine", fine, new World(new SplittableRandom(2), World.Traits.BAD).shadow(4_000), Instant.now());
        role.start();

        Await.until("rolled back", () -> "rolled_back".equals(desk.get(fine).outcome()));
        Await.until("trouble told", () -> role.health().detail().contains("tally of version 9"));
        assertThat(desk.get(broken).phase()).isEqualTo("shadow");
    }

    private void notifyOf(String id) throws SQLException {
        standIn.database()
                .transact(sql -> sql.first(
                        "SELECT pg_notify('edgewise_evidence', ?)",
                        row -> Objects.requireNonNullElse(row.getString(1), ""),
                        "another," + id));
    }

    private long waiting(String id) throws SQLException {
        return standIn.database()
                .read(sql -> sql.first(
                        "SELECT count(*) FROM controller.outbox WHERE sent_at IS NULL AND key LIKE ?",
                        row -> row.getLong(1),
                        "%" + id))
                .orElseThrow();
    }
}
