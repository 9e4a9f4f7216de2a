// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.evaluator.AgentBytes;
import io.edgewise.evaluator.Samples;
import io.edgewise.runtime.jdbc.Migrations;
import io.edgewise.runtime.role.LoopThread;
import io.edgewise.runtime.role.Role.Migration;
import io.edgewise.testkit.Await;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Tables change while an evaluator of the version before counts in them, and while one of the next version does.
@ExtendWith(PlatformExtension.class)
class RollingUpgradeIT {
    private static final InstantSource CLOCK = InstantSource.system();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String OWN = "db/evaluator";
    private static final String WITH_NEXT = "db/evaluator-next";

    private static final List<String> OTHER_AGENTS = List.of("first-request", "newer-request");
    private static final String OTHER_ROLLOUT = "01J8ZQ4Y7N3T5V6W8X9Y0Z1A2C";

    private final Platform platform;
    private final Ground ground;
    private final Ledger ledger = new Ledger(101, CLOCK.millis());

    private long ofOthers;

    RollingUpgradeIT(Platform platform) throws Exception {
        this.platform = platform;
        this.ground = new Ground(platform);
    }

    @AfterEach
    void close() throws Exception {
        ground.database().transact(sql -> sql.update("DROP EVENT TRIGGER IF EXISTS slowly"));
        ground.close();
    }

    private Flyway flyway(MigrationVersion target, String... locations) {
        return Flyway.configure()
                .dataSource(ground.source())
                .schemas("evaluator")
                .defaultSchema("evaluator")
                .locations(Arrays.stream(locations)
                        .map(each -> "classpath:" + each)
                        .toArray(String[]::new))
                .target(target)
                .load();
    }

    /// The tables of the version before the newest migration.
    private void goBack() throws Exception {
        MigrationInfo[] all = flyway(MigrationVersion.LATEST, OWN).info().all();
        MigrationVersion before = all[all.length - 2].getVersion();
        ground.database().transact(sql -> sql.update("DROP SCHEMA evaluator CASCADE"));
        flyway(before, OWN).migrate();
        assertThat(version()).isEqualTo(before.getVersion());
    }

    private String version() {
        return flyway(MigrationVersion.LATEST, OWN, WITH_NEXT)
                .info()
                .current()
                .getVersion()
                .getVersion();
    }

    private void migrate() {
        Migrations.run(ground.source(), List.of(new Migration("evaluator", OWN)));
    }

    /// Each statement that changes a table then takes so much longer, and holds its locks meanwhile.
    private void slowDown(double seconds) throws Exception {
        ground.database().transact(sql -> {
            sql.update("DROP EVENT TRIGGER IF EXISTS slowly");
            sql.update("CREATE OR REPLACE FUNCTION public.slowly() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
                    + " PERFORM pg_sleep(" + seconds + "); END $$");
            return sql.update("CREATE EVENT TRIGGER slowly ON ddl_command_end EXECUTE FUNCTION public.slowly()");
        });
    }

    /// Agents are of several versions meanwhile, too.
    private void count(int requests) throws Exception {
        ledger.round(requests, 8).forEach(ground::send);
        ofOthers++;
        for (String agent : OTHER_AGENTS) {
            ground.send(AgentBytes.request(agent, OTHER_ROLLOUT, ofOthers, CLOCK.millis()));
            ledger.alsoSent(1);
        }
        ground.sent();
    }

    private void awaitAll() throws Exception {
        Await.until("everything is counted", ground::isStored);
        check();
    }

    private void check() throws Exception {
        ledger.check(ground);
        Tally others = ground.evidence(OTHER_ROLLOUT, Ledger.SHADOW);
        assertThat(others.get(Measures.REQUESTS, 0)).isEqualTo(OTHER_AGENTS.size() * ofOthers);
        assertThat(others.get(Measures.PAIRS, 1)).isEqualTo(OTHER_AGENTS.size() * ofOthers);
    }

    /// Sends while it lasts.
    private void countDuring(Future<?> work) throws Exception {
        do {
            count(20);
        } while (!work.isDone());
    }

    @Test
    void nothingIsLostOrDoubledWhileTheTablesAreMigratedUnderLoadAndTheMigrationIsKilled() throws Exception {
        goBack();
        String before = version();
        String group = "upgrade-" + platform.topicSuffix();
        LoopThread old = new LoopThread("old", ground.loop(group, ground.source(), CLOCK)).start();
        try (ExecutorService upgrade = Executors.newSingleThreadExecutor()) {
            count(200);
            awaitAll();

            slowDown(10);
            Future<?> killed = upgrade.submit(this::migrate);
            Await.until("the migration is half-way", () -> {
                count(20);
                return ground.number("""
                        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                         WHERE datname = current_database() AND wait_event = 'PgSleep'
                        """) > 0;
            });
            assertThatThrownBy(killed::get).hasCauseInstanceOf(FlywayException.class);
            assertThat(version()).isEqualTo(before);
            count(100);
            awaitAll();

            slowDown(0.4);
            Future<?> migrating = upgrade.submit(this::migrate);
            countDuring(migrating);
            migrating.get();
            assertThat(version()).isNotEqualTo(before);
            awaitAll();
            assertThat(old.trouble()).isEmpty();

            LoopThread fresh = new LoopThread("new", ground.loop(group, ground.source(), CLOCK)).start();
            try {
                Await.until("both count", () -> {
                    count(20);
                    return ground.number("SELECT count(*) FROM evaluator.book") == 2;
                });
                old.stop(PATIENCE);
                count(100);
                awaitAll();
            } finally {
                fresh.stop(PATIENCE);
            }
        } finally {
            old.stop(PATIENCE);
        }
    }

    @Test
    void anEvaluatorCountsInTablesOfAVersionToComeAndStartsOnThem() throws Exception {
        LoopThread running = new LoopThread(
                        "running", ground.loop("upgrade-1-" + platform.topicSuffix(), ground.source(), CLOCK))
                .start();
        try (ExecutorService upgrade = Executors.newSingleThreadExecutor()) {
            count(100);
            awaitAll();
            slowDown(0.2);
            Future<?> migrating = upgrade.submit(
                    () -> flyway(MigrationVersion.LATEST, OWN, WITH_NEXT).migrate());
            countDuring(migrating);
            migrating.get();
            assertThat(version()).isEqualTo("99");
            count(100);
            awaitAll();
            assertThat(running.trouble()).isEmpty();
        } finally {
            running.stop(PATIENCE);
        }

        // A downgrade by one version: the program starts, and leaves the tables as they are.
        migrate();
        assertThat(version()).isEqualTo("99");
        count(100);
        EvaluatorLoop again = ground.loop(ground.source(), CLOCK);
        ground.drain(again);
        check();
    }

    /// A program that runs on tables that are too old for it says what is missing; it stores nothing halfway.
    @Test
    void whatIsCountedForTablesThatAreNotThereYetIsCountedOnceWhenTheyAre() throws Exception {
        ground.database().transact(sql -> sql.update("DROP SCHEMA evaluator CASCADE"));
        flyway(MigrationVersion.fromVersion("5"), OWN).migrate();
        LoopThread ahead = new LoopThread(
                        "ahead", ground.loop("upgrade-2-" + platform.topicSuffix(), ground.source(), CLOCK))
                .start();
        try {
            count(100);
            awaitAll();
            ground.send(Samples.holdout("device-of-examples", 1, CLOCK.millis(), true)
                    .build());
            ground.sent();
            Await.until("it says what is missing", () -> ahead.trouble().contains("holdout"));
            assertThat(ground.isStored()).isFalse();

            migrate();
            Await.until("everything is counted", ground::isStored);
        } finally {
            ahead.stop(PATIENCE);
        }
        assertThat(ground.number("SELECT sum(counted) FROM evaluator.published_lane"))
                .isEqualTo(ledger.records() + 1);
        assertThat(ground.number("SELECT sum(answers) FROM evaluator.published_holdout"))
                .isEqualTo(1);
        assertThat(ground.number("SELECT sum(abs(imbalance)) FROM evaluator.published_lane"))
                .isZero();
    }
}
