// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.console.Rows;
import io.edgewise.console.Sample;
import io.edgewise.console.Site;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.ds.PGSimpleDataSource;

@ExtendWith(PlatformExtension.class)
class ConsolePagesIT {
    private static final String TENANT = "default";
    private static final String STRANGER = "01J9ZQ5V7Q8W4E2R6T1Y3M5N99";

    private final MutableClock clock = new MutableClock(Sample.NOW);
    private final Database database;
    private final ConsolePages pages;

    ConsolePagesIT(Platform platform) {
        database = new Database(platform.dataSource());
        pages = pages(database);
    }

    @BeforeEach
    void standInViews() throws Exception {
        execute("DROP SCHEMA IF EXISTS controller, evaluator, drift CASCADE");
        execute(resource());
    }

    @Test
    void beforeAnyRoleHasRunThePageSaysHowToBegin() throws Exception {
        execute("DROP SCHEMA controller, evaluator, drift CASCADE");

        Answer answer = pages.all("all");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.html()).contains("No rollouts yet").contains("./edgewise demo");
        assertThat(pages.newest("all", null).html()).contains("No rollouts yet");
    }

    @Test
    void showsTheRolloutsAndTheLiveStateOfTheNewest() throws Exception {
        insertAll();

        String html = pages.all("all").html();

        assertThat(html)
                .contains("voice-ivr-intent")
                .contains("data-live=\"/rollouts/newest/live?status=all\"")
                .contains("88.4\u00a0%")
                .contains("12,031")
                .contains("text.tokens")
                .contains("not finite")
                .contains("class=speaker")
                .contains("Rolled back");
    }

    @Test
    void showsOneRolloutByItsId() throws Exception {
        insertAll();

        Answer other = pages.one(Sample.OTHER, "rolled-back", "");

        assertThat(other.status()).isEqualTo(200);
        assertThat(other.html())
                .contains("data-live=\"/rollouts/" + Sample.OTHER + "/live?span=1h\"")
                .contains("chosen=" + Sample.OTHER)
                .contains("every device returns to the frontier");
    }

    @Test
    void anUnknownRolloutIsNotFound() throws Exception {
        insertAll();

        assertThat(pages.one(STRANGER, "all", "").status()).isEqualTo(404);
        assertThat(pages.live(STRANGER, "", null).status()).isEqualTo(404);
        Answer odd = pages.live("<script>", "", null);
        assertThat(odd.status()).isEqualTo(404);
        assertThat(odd.html()).contains("&lt;script&gt;").doesNotContain("<script>");
    }

    @Test
    void anotherTenantsRolloutsAreInvisible() throws Exception {
        insertAll();
        execute("UPDATE controller.published_rollout SET tenant = 'other'");

        assertThat(pages.all("all").html()).contains("No rollouts yet");
        assertThat(pages.one(Sample.ID, "all", "").status()).isEqualTo(404);
    }

    @Test
    void aFragmentTheBrowserHasIsNotSentAgainUntilItChanges() throws Exception {
        insertAll();
        Answer first = pages.live(Sample.ID, "", null);

        clock.advance(Duration.ofSeconds(1));
        Answer same = pages.live(Sample.ID, "", first.etag());
        execute("UPDATE controller.published_rollout SET last_decision = 'Paused by ana: lunch.'");
        clock.advance(Duration.ofSeconds(1));
        Answer changed = pages.live(Sample.ID, "", first.etag());

        assertThat(first.status()).isEqualTo(200);
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.html()).isEmpty();
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.html()).contains("Paused by ana: lunch.");
    }

    @Test
    void manyViewersWithinHalfASecondShareOneRead() throws Exception {
        insertAll();
        Answer first = pages.live(Sample.ID, "", null);

        execute("UPDATE controller.published_rollout SET last_decision = 'Changed.'");

        assertThat(pages.live(Sample.ID, "", null)).isEqualTo(first);
        clock.advance(Duration.ofMillis(500));
        assertThat(pages.live(Sample.ID, "", null).html()).contains("Changed.");
    }

    @Test
    void aListFragmentMarksTheChosenRollout() throws Exception {
        insertAll();

        assertThat(pages.list("all", Sample.OTHER, null).html())
                .containsPattern("id=\"entry-" + Sample.OTHER + "\" class=\"entry chosen\"");
        assertThat(pages.list("all", "", null).html())
                .containsPattern("id=\"entry-" + Sample.ID + "\" class=\"entry chosen\"");
    }

    @Test
    void withoutEvaluatorAndDriftThePageSaysWhatToStart() throws Exception {
        insertAll();
        execute("DROP SCHEMA evaluator, drift CASCADE");

        assertThat(pages.live(Sample.ID, "", null).html())
                .contains("start a server with the role evaluator")
                .contains("start a server with the role drift")
                .contains("88.4\u00a0%");
    }

    @Test
    void aDatabaseThatIsAwayIsAProblemPage() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/none");

        Answer answer = pages(new Database(nowhere)).live(Sample.ID, "", null);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.html()).contains("The database does not answer").contains("edgewise.database.url");
    }

    @Test
    void theRoleIsUpWhileItRunsAndTheDatabaseAnswers() {
        ConsoleRole role = new ConsoleRole(database, clock);

        assertThat(role.health().up()).isFalse();
        role.start();
        assertThat(role.health().up()).isTrue();
        assertThat(role.isStarted()).isTrue();
        role.stop();
        role.stop();
        assertThat(role.isStarted()).isFalse();
        assertThat(pages.notRunning().status()).isEqualTo(503);
    }

    @Test
    void showsHowManyDevicesHaveNotConfirmedAndTheAlphaThatIsSpent() throws Exception {
        insertAll();
        assertThat(pages.live(Sample.ID, "", null).html()).doesNotContain("α spent");
        execute("CREATE TABLE controller.published_fleet (tenant text, rollout text, known bigint, unconfirmed bigint,"
                + " awaited bigint, crashed bigint, broke bigint, silent bigint, alpha_spent double precision,"
                + " alpha double precision)");
        execute("INSERT INTO controller.published_fleet VALUES ('default', '" + Sample.ID
                + "', 1200, 3, 2, 1, 0, 0, 0.0012, 0.01)");
        clock.advance(Duration.ofSeconds(1));

        assertThat(pages.live(Sample.ID, "", null).html())
                .contains("<dt>Devices</dt><dd>1,200</dd>")
                .contains("<dt>Not confirmed</dt><dd>3, 2 online</dd>")
                .contains("<dt>Crashed</dt><dd>1</dd>")
                .doesNotContain("Breaker opened")
                .contains("<dt>α spent</dt><dd>0.12 of 1 %</dd>");
    }

    @Test
    void deltasOfOneMinuteAddUp() throws Exception {
        insertAll();
        execute("INSERT INTO evaluator.published_window SELECT * FROM evaluator.published_window");

        String html = pages.live(Sample.ID, "", null).html();

        assertThat(html).contains("12:00 UTC: 3,000 by the champion, 0 by the challenger");
    }

    @Test
    void theChartsReachBackADayOrFourteenHourByHour() throws Exception {
        insertAll();
        execute("""
                INSERT INTO evaluator.published_series
                SELECT 'hour', (480000 - hour) * 60, 'default', '$id', 'all', 1, cohort, 100, 0.5, 0.5, 1000, 2000, 3000,
                       5000, 50, 0.9
                  FROM generate_series(0, 20 * 24) hour, unnest(ARRAY['control', 'canary']) cohort
                """.replace("$id", Sample.ID));
        execute(
                "INSERT INTO evaluator.published_series SELECT 'day', minute, tenant, rollout, slice, stage, cohort, 7e6"
                        + " FROM evaluator.published_series");
        execute(
                "INSERT INTO evaluator.published_series SELECT level, minute, 'other', rollout, slice, stage, cohort, 7e6"
                        + " FROM evaluator.published_series");

        String page = pages.one(Sample.ID, "all", "14d").html();
        assertThat(page)
                .contains("data-live=\"/rollouts/" + Sample.ID + "/live?span=14d\"")
                .contains("id=\"span-14d\" href=\"/rollouts/" + Sample.ID + "?span=14d\" class=\"chip chosen\"")
                .contains("id=\"span-1h\" href=\"/rollouts/" + Sample.ID + "?span=1h\" class=\"chip\"")
                .contains("requests per hour")
                .contains("Last hour: 100 champion, 100 challenger")
                .contains(">09-20<")
                .doesNotContain(">09-19<")
                .contains("88.4\u00a0%");
        String day = pages.live(Sample.ID, "24h", null).html();
        assertThat(day)
                .contains("10-03 01:00 UTC: 100 by the champion, 100 by the challenger")
                .contains("10-04 00:00 UTC: 90\u00a0% of 100 pairs agree")
                .doesNotContain("10-03 00:00 UTC");
        assertThat(pages.live(Sample.ID, "1h", null).html()).contains("requests per minute");
        assertThat(pages.live(Sample.ID, "forever", null).html()).contains("requests per minute");
        assertThat(pages.live(Sample.OTHER, "14d", null).html()).contains("No hour has figures yet");
    }

    private ConsolePages pages(Database source) {
        return new ConsolePages(
                TENANT, new ConsoleViews(source), new ConsoleTemplates(new Site(TENANT, "", "v")), clock);
    }

    private void insertAll() throws SQLException {
        database.transact(sql -> {
            rollout(sql, Sample.canary(), 1);
            rollout(sql, Sample.rolledBack(), 0);
            for (Rows.Verdict row : Sample.verdicts()) {
                verdict(sql, row);
            }
            for (Rows.Decision row : Sample.decisions()) {
                sql.updateOne(
                        "INSERT INTO controller.published_decision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '{}', '', ?)",
                        TENANT,
                        Sample.ID,
                        row.number(),
                        Timestamp.from(row.at()),
                        row.kind(),
                        row.actor(),
                        row.stage(),
                        row.shareBp(),
                        row.sentence(),
                        row.hash());
            }
            for (Rows.Evidence row : Sample.evidence()) {
                evidence(sql, row);
            }
            for (Rows.Evidence row : Sample.slices()) {
                evidence(sql, row);
            }
            for (Rows.Window row : Sample.windows()) {
                sql.updateOne(
                        "INSERT INTO evaluator.published_window VALUES (?, 'w', ?, ?, ?, ?, 'all', ?, false)",
                        TENANT,
                        Sample.ID,
                        row.minute(),
                        row.stage(),
                        row.cohort(),
                        row.tally().encode());
            }
            books(sql);
            drift(sql);
            return 0;
        });
    }

    private static void rollout(Sql sql, Rows.Rollout row, int newer) throws SQLException {
        sql.updateOne(
                """
                INSERT INTO controller.published_rollout VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
                  '{"stages":[{"name":"shadow","shareBp":0,"minSeconds":120},{"name":"1 %","shareBp":100,"minSeconds":120},
                    {"name":"10 %","shareBp":1000,"minSeconds":240},{"name":"100 %","shareBp":10000,"minSeconds":0}]}',
                  '', ?, ?, ?, ?, ?, ?)
                """,
                row.tenant(),
                row.workload(),
                row.id(),
                row.champion(),
                row.challenger(),
                row.phase(),
                row.stage(),
                row.stageName(),
                row.shareBp(),
                row.revision(),
                Timestamp.from(row.createdAt().plusSeconds(newer)),
                Timestamp.from(row.stageSince()),
                Timestamp.from(row.stageSince()),
                Timestamp.from(row.updatedAt()),
                row.outcome().orElse(null),
                row.lastDecision());
    }

    private static void verdict(Sql sql, Rows.Verdict row) throws SQLException {
        sql.updateOne(
                "INSERT INTO controller.published_verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                TENANT,
                Sample.ID,
                row.guardrail(),
                row.title(),
                row.verdict(),
                row.estimand(),
                number(row.estimate()),
                number(row.low()),
                number(row.high()),
                number(row.threshold()),
                row.observations(),
                row.devices(),
                row.neededObservations().isPresent() ? row.neededObservations().getAsLong() : null,
                null,
                row.evidence().isPresent() ? row.evidence().getAsDouble() : Double.NEGATIVE_INFINITY,
                number(row.evidenceLimit()),
                row.sentence(),
                Timestamp.from(row.at()));
    }

    private static void evidence(Sql sql, Rows.Evidence row) throws SQLException {
        sql.updateOne(
                "INSERT INTO evaluator.published_evidence VALUES (?, 'w', ?, ?, ?, 10000, ?, ?, ?, 0)",
                TENANT,
                Sample.ID,
                row.stage(),
                row.cohort(),
                row.escalated(),
                row.slice(),
                row.tally().encode());
    }

    private static void books(Sql sql) throws SQLException {
        sql.update("""
                INSERT INTO evaluator.published_account VALUES
                  ('default', 'd1', 'observation', 1, 6000, 6000, 0, 0, 0, 0, 30, 0, 6000, 0),
                  ('default', 'd2', 'observation', 1, 6001, 5998, 4, 9, 12, 0, 7, 8, 6031, 0),
                  ('other', 'd3', 'observation', 1, 9, 9, 0, 0, 0, 0, 0, 0, 9, 0)
                """);
        sql.update("INSERT INTO evaluator.published_counter VALUES ('dead_letter.not_finite', 6), ('duplicates', 37)");
    }

    private static void drift(Sql sql) throws SQLException {
        for (Rows.Score row : Sample.scores()) {
            sql.updateOne(
                    """
                    INSERT INTO drift.published_score
                        (tenant, rollout, feature, minute, baseline_n, current_n, psi, psi_corrected, severity, verdict,
                         needed, ks_d, ks_p_adjusted, missing_baseline, missing_current, missing_p_adjusted)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                    TENANT,
                    Sample.ID,
                    row.feature(),
                    row.minute(),
                    row.baselineN(),
                    row.currentN(),
                    number(row.psi()),
                    number(row.psiCorrected()),
                    row.severity(),
                    row.verdict(),
                    row.needed().isPresent() ? row.needed().getAsLong() : null,
                    number(row.shape().d()),
                    number(row.shape().adjusted()),
                    number(row.missing().baseline()),
                    number(row.missing().current()),
                    number(row.missing().adjusted()));
        }
        for (Rows.Finding row : Sample.findings()) {
            sql.updateOne(
                    "INSERT INTO drift.published_finding VALUES (?, ?, ?, ?, ?, ?, NULL, ?, now())",
                    TENANT,
                    Sample.ID,
                    row.finding(),
                    row.feature(),
                    row.severity(),
                    row.openedMinute(),
                    row.sentence());
        }
    }

    private static @org.jspecify.annotations.Nullable Double number(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private void execute(String script) throws SQLException {
        database.transact(sql -> {
            try (Statement statement = sql.connection().createStatement()) {
                return statement.execute(script);
            }
        });
    }

    private static String resource() throws IOException {
        try (InputStream in = ConsolePagesIT.class.getResourceAsStream("/stand-in-views.sql")) {
            if (in == null) {
                throw new IOException("stand-in-views.sql is missing in the test resources");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
