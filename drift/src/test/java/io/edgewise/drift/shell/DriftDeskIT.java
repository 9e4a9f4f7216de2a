// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.DriftPolicy;
import io.edgewise.drift.shell.Bodies.BaselineView;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Migrations;
import io.edgewise.runtime.rest.Problem;
import io.edgewise.runtime.role.Role.Migration;
import io.edgewise.statistics.grid.UnitGrid;
import io.edgewise.testkit.MutableClock;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(PlatformExtension.class)
class DriftDeskIT {
    private static final String ROLLOUT = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static final long START = 29_000_040;

    private final Database database;
    private final MutableClock clock = new MutableClock(Instant.ofEpochSecond(START * 60));
    private final SplittableRandom random = new SplittableRandom(7);
    private final DriftSettings settings = DriftSettings.of(DriftPolicy.DEFAULT, Duration.ofSeconds(1));
    private DriftDesk desk;

    DriftDeskIT(Platform platform) {
        database = new Database(platform.dataSource());
        desk = new DriftDesk(database, settings, "default", clock);
    }

    @BeforeEach
    void emptyTables() throws SQLException {
        Migrations.run(database.source(), List.of(new Migration("drift", "db/drift")));
        execute("CREATE SCHEMA IF NOT EXISTS evaluator");
        execute("DROP TABLE IF EXISTS evaluator.published_window");
        execute("""
                CREATE TABLE evaluator.published_window (tenant text, workload text, rollout text, minute bigint,
                    stage int, cohort int, slice text, tally bytea, closed boolean)""");
        execute("TRUNCATE drift.baseline, drift.active_baseline, drift.judged_window, drift.score, drift.finding,"
                + " drift.finding_window, drift.pending, drift.rolling, drift.retraining, drift.event, drift.delivery,"
                + " drift.holdout, drift.holdout_taken");
        execute("DROP TABLE IF EXISTS evaluator.published_holdout");
        execute("DROP SCHEMA IF EXISTS controller CASCADE");
        desk = new DriftDesk(database, settings, "default", clock);
    }

    @Test
    void anUploadedBaselineOfAWorkloadTakesThePlaceOfShadow() throws SQLException {
        List<BaselineView> made = desk.upload(
                "{\"workload\":\"intent\",\"who\":\"ann\",\"source\":\"last quarter\",\"from\":\"2026-01-01T00:00:00Z\","
                        + "\"until\":\"2026-04-01T00:00:00Z\",\"features\":[{\"feature\":\"confidence\",\"values\":"
                        + values(1_200, 0.35) + "}]}");
        assertThat(made).singleElement().satisfies(view -> {
            assertThat(view.origin()).isEqualTo("upload");
            assertThat(view.madeBy()).isEqualTo("ann");
            assertThat(view.from()).isEqualTo("2026-01-01T00:00:00Z");
            assertThat(view.until()).isEqualTo("2026-04-01T00:00:00Z");
            assertThat(view.observations()).isEqualTo(1_200);
            assertThat(view.bins()).isEqualTo(10);
            assertThat(view.active()).isTrue();
        });

        window(START - 10, 0, 3_000, 0.6);
        window(START - 9, 1, 1_000, 0.6);
        loop().round();

        assertThat(strings("SELECT origin FROM drift.published_baseline")).containsExactly("upload");
        assertThat(strings("SELECT feature || ' ' || severity FROM drift.published_finding"))
                .containsExactly("confidence act");
    }

    @Test
    void aRolloutsOwnBaselineComesBeforeTheWorkloads() throws SQLException {
        upload("", 0.35);
        upload(ROLLOUT, 0.6);
        window(START - 9, 1, 1_000, 0.6);

        loop().round();

        assertThat(strings("SELECT severity FROM drift.published_score")).containsExactly("none");
    }

    @Test
    void anOlderVersionCanBeMadeTheActiveOneAgainAndNoneIsChanged() throws SQLException {
        String first = upload("", 0.6).getFirst().baseline();
        String second = upload("", 0.35).getFirst().baseline();

        assertThat(desk.list("intent", null))
                .extracting(view -> view.baseline() + ' ' + view.version() + ' ' + view.active())
                .containsExactlyInAnyOrder(first + " 1 false", second + " 2 true");

        desk.activate(first, "{\"who\":\"bob\"}");
        assertThat(desk.list("intent", ""))
                .extracting(view -> view.version() + " " + view.active())
                .containsExactlyInAnyOrder("1 true", "2 false");
        assertThat(strings("SELECT activated_by FROM drift.active_baseline")).containsExactly("bob");
        assertThatThrownBy(() -> desk.activate("nothing", "{}")).hasMessageContaining("lists those there are");
        assertThatThrownBy(() -> execute("UPDATE drift.baseline SET observations = 7"))
                .hasMessageContaining("frozen");
    }

    @Test
    void categoriesAreUploadedByName() throws SQLException {
        desk.upload("{\"workload\":\"intent\",\"features\":[{\"feature\":\"label\",\"cells\":["
                + "{\"category\":\"timer\",\"count\":600},{\"category\":\"play_music\",\"count\":900}]},"
                + "{\"feature\":\"words\",\"slice\":\"region=north\",\"missing\":40,\"cells\":["
                + "{\"value\":3,\"count\":700},{\"value\":7,\"count\":800}]}]}");

        assertThat(strings("SELECT feature || ' ' || slice || ' ' || categorical || ' ' || observations"
                        + " FROM drift.baseline ORDER BY feature"))
                .containsExactly("label all true 1500", "words region=north false 1500");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"workload\":\"w\",\"features\":[]} | it needs \"features\"",
                "{\"features\":[{}]} | it needs \"workload\"",
                "{\"workload\":\"w\",\"features\":[{\"feature\":\"confidence\"}]} | features[0] needs either",
                "{\"workload\":\"w\",\"features\":[{\"feature\":\"confidence\",\"values\":[0.5]}]} | at least 1000",
                "{\"workload\":\"w\",\"features\":[{\"feature\":\"label\",\"values\":[1]}]} | has categories",
                "{\"workload\":\"w\",\"features\":[{\"feature\":\"label\",\"cells\":[{\"value\":1,\"count\":9}]}]} | features[0].cells[0] needs \"category\"",
                "{\"workload\":\"w\",\"features\":[{\"feature\":\"a\",\"cells\":[{\"value\":1,\"count\":-9}]}]} | features[0].cells[0].count is -9",
                "{\"workload\":\"w\",\"feature\":[]} | Unrecognized field",
                "{\"workload\":\"w\",\"features\":[{\"feature\":\"a\",\"values\":[\"x\"]}]} | features[0].values[0]",
                "nonsense | the body is not JSON"
            })
    void aWrongUploadIsRefusedWithTheReasonAndThePlace(String body, String why) {
        assertThatThrownBy(() -> desk.upload(body)).isInstanceOf(Problem.class).satisfies(problem -> {
            Problem found = (Problem) problem;
            assertThat(found.status()).isEqualTo(400);
            assertThat(found.title() + ": " + found.detail()).contains(why);
        });
    }

    @Test
    void aRollingBaselineFollowsTheLastCompleteHours() throws SQLException {
        window(START - 61, 1, 1_500, 0.35);
        window(START - 60, 1, 1_500, 0.6);
        desk.rolling("{\"workload\":\"intent\",\"rollout\":\"" + ROLLOUT + "\",\"hours\":1,\"who\":\"ann\"}");

        DriftLoop loop = loop();
        clock.advance(Duration.ofMinutes(6));
        loop.round();

        assertThat(strings("SELECT origin || ' ' || version || ' ' || observations || ' ' || first_minute || ' '"
                        + " || last_minute FROM drift.published_baseline WHERE active"))
                .containsExactly("rolling 1 1500 " + (START - 60) + " " + (START - 1));

        window(START + 20, 1, 2_000, 0.6);
        clock.advance(Duration.ofHours(1));
        loop.round();
        assertThat(strings("SELECT version || ' ' || active FROM drift.published_baseline ORDER BY version"))
                .containsExactly("1 false", "2 true");
    }

    @Test
    void aFallOnTheReferenceHoldoutIsToldAsARetrainingTriggerOnceADay() throws SQLException {
        String run =
                "{\"workload\":\"intent\",\"build\":\"intent-v2\",\"reference\":\"golden\",\"correct\":%d,\"n\":500}";

        assertThat(desk.holdout(run.formatted(460)).retraining()).isFalse();
        assertThat(desk.holdout(run.formatted(450)).retraining()).isFalse();
        assertThat(desk.holdout(run.formatted(400)).sentence()).contains("fell by 12.0 points");
        desk.holdout(run.formatted(399));

        assertThat(strings("SELECT build || ' ' || reason FROM drift.published_retraining"))
                .containsExactly("intent-v2 holdout");
        assertThat(strings("SELECT body -> 'data' -> 'run' ->> 'correct' FROM drift.published_event"))
                .containsExactly("400");
        assertThatThrownBy(() -> desk.holdout(run.formatted(501))).hasMessageContaining("correct <= n");
    }

    @Test
    void answersOfDevicesMakeARunADayAndAFallMakesTheBuildDue() throws SQLException {
        execute("""
                CREATE TABLE evaluator.published_holdout (tenant text, workload text, build text, reference text,
                    answers bigint, correct bigint, failed bigint, entropies bigint, entropy_milli bigint,
                    entropy_milli_squares bigint)""");
        // 400 answers a day, of entropies 0.2 and 0.4, later 0.4 and 0.6.
        execute("INSERT INTO evaluator.published_holdout VALUES"
                + " ('default', 'intent', 'intent-v2', 'golden/1', 400, 368, 0, 400, 120000, 40000000),"
                + " ('default', 'intent', 'intent-v2', 'small/1', 20, 20, 0, 0, 0, 0)");
        DriftLoop loop = loop();
        loop.round();
        clock.advance(Duration.ofHours(23));
        loop.round();
        assertThat(strings("SELECT build FROM drift.published_holdout")).isEmpty();

        clock.advance(Duration.ofHours(1));
        loop.round();
        loop.round();
        assertThat(strings("SELECT reference || ' ' || correct || ' of ' || n || ' by ' || told_by || ', entropy '"
                        + " || entropy_mean FROM drift.published_holdout"))
                .containsExactly("golden/1 368 of 400 by devices, entropy 0.3");
        assertThat(strings("SELECT reason FROM drift.published_retraining")).isEmpty();

        execute("UPDATE evaluator.published_holdout SET answers = 800, correct = 692, failed = 9, entropies = 800,"
                + " entropy_milli = 320000, entropy_milli_squares = 144000000 WHERE reference = 'golden/1'");
        clock.advance(Duration.ofDays(1));
        loop.round();
        assertThat(strings(
                        "SELECT correct || ' of ' || n || ', failed ' || failed || ', entropy ' || entropy_mean || ' '"
                                + " || (entropy_low > 0.18 AND entropy_high < 0.22) FROM drift.published_holdout"
                                + " WHERE number = (SELECT max(number) FROM drift.published_holdout)"))
                .containsExactly("324 of 400, failed 9, entropy 0.5 true");
        assertThat(strings("SELECT build || ' ' || reason || ': ' || sentence FROM drift.published_retraining"))
                .singleElement()
                .asString()
                .startsWith("intent-v2 holdout: accuracy on the reference holdout fell by 11.0 points");
        assertThat(strings("SELECT body -> 'data' ->> 'reference' FROM drift.published_event"))
                .containsExactly("golden/1");
    }

    @Test
    void countersThatWentBackAreFollowedAndMakeNoRun() throws SQLException {
        execute("""
                CREATE TABLE evaluator.published_holdout AS SELECT 'default' AS tenant, 'intent' AS workload,
                    'intent-v2' AS build, 'golden/1' AS reference, 400::bigint AS answers, 368::bigint AS correct,
                    0::bigint AS failed, 0::bigint AS entropies, 0::bigint AS entropy_milli,
                    0::bigint AS entropy_milli_squares""");
        DriftLoop loop = loop();
        loop.round();
        clock.advance(Duration.ofDays(1));
        loop.round();

        execute("UPDATE evaluator.published_holdout SET answers = 100, correct = 92");
        clock.advance(Duration.ofDays(1));
        loop.round();
        execute("UPDATE evaluator.published_holdout SET answers = 300, correct = 276");
        clock.advance(Duration.ofDays(1));
        loop.round();

        assertThat(strings("SELECT correct || ' of ' || n FROM drift.published_holdout ORDER BY number"))
                .containsExactly("368 of 400", "184 of 200");
    }

    private DriftLoop loop() {
        return new DriftLoop(database, settings, clock, new SplittableRandom(5));
    }

    private List<BaselineView> upload(String rollout, double mean) {
        return desk.upload("{\"workload\":\"intent\",\"rollout\":\"" + rollout
                + "\",\"features\":[{\"feature\":\"confidence\",\"values\":" + values(1_200, mean) + "}]}");
    }

    private String values(int n, double mean) {
        return IntStream.range(0, n)
                .mapToObj(i -> Double.toString(confidence(mean)))
                .collect(Collectors.joining(",", "[", "]"));
    }

    private double confidence(double mean) {
        return Math.clamp(mean + 0.1 * random.nextGaussian(), 0, 1);
    }

    private void window(long minute, int stage, int n, double mean) throws SQLException {
        Tally tally = new Tally().add(Measures.REQUESTS, 0, n);
        for (int i = 0; i < n; i++) {
            tally.add(Measures.CONFIDENCE, UnitGrid.cell(confidence(mean)));
        }
        database.transact(sql -> sql.update(
                "INSERT INTO evaluator.published_window VALUES ('default', 'intent', ?, ?, ?, 1, 'all', ?, true)",
                ROLLOUT,
                minute,
                stage,
                tally.encode()));
    }

    private List<String> strings(String query) throws SQLException {
        return database.read(sql -> sql.list(query, row -> row.getString(1)));
    }

    private void execute(String statement) throws SQLException {
        database.transact(sql -> sql.update(statement));
    }
}
