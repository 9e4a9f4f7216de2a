// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.LabelHash;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.DriftPolicy;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Migrations;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Real tables of the drift role over windows as the evaluator publishes them.
@ExtendWith(PlatformExtension.class)
class DriftLoopIT {
    private static final String ROLLOUT = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
    private static final long START = 29_000_000;

    private final Database database;
    private final MutableClock clock = new MutableClock(Instant.ofEpochSecond(START * 60));
    private final SplittableRandom random = new SplittableRandom(11);
    private DriftLoop loop;

    DriftLoopIT(Platform platform) {
        database = new Database(platform.dataSource());
        loop = newLoop();
    }

    @BeforeEach
    void emptyTables() throws SQLException {
        Migrations.run(database.source(), List.of(new Migration("drift", "db/drift")));
        execute("CREATE SCHEMA IF NOT EXISTS evaluator");
        execute("DROP TABLE IF EXISTS evaluator.published_window, evaluator.published_holdout");
        execute("""
                CREATE TABLE evaluator.published_window (tenant text, workload text, rollout text, minute bigint,
                    stage int, cohort int, slice text, tally bytea, closed boolean)""");
        execute("TRUNCATE drift.baseline, drift.active_baseline, drift.judged_window, drift.score, drift.finding,"
                + " drift.finding_window, drift.pending, drift.rolling, drift.retraining, drift.event, drift.delivery");
        execute("DROP SCHEMA IF EXISTS controller CASCADE");
    }

    @Test
    void leavesARolloutInShadowAlone() throws SQLException {
        window(START, 0, 3_000, 0, true);

        loop.round();

        assertThat(count("published_baseline")).isZero();
    }

    @Test
    void freezesABaselineWhenShadowIsLeft() throws SQLException {
        window(START, 0, 800, 0, true);
        window(START + 1, 0, 800, 0, true);
        window(START + 2, 1, 10, 0, false);

        loop.round();

        assertThat(strings("SELECT feature || ' ' || observations FROM drift.published_baseline"))
                .containsExactly("confidence 1600");
        assertThat(strings("SELECT source FROM drift.published_baseline").getFirst())
                .contains(ROLLOUT)
                .contains("2 window rows");
    }

    @Test
    void aBaselineNeverChanges() throws SQLException {
        window(START, 0, 1_500, 0, true);
        window(START + 2, 1, 300, 0, true);
        loop.round();
        List<String> before = strings("SELECT encode(tally, 'hex') FROM drift.baseline");

        window(START, 0, 5_000, 0.3, true);
        newLoop().round();

        assertThat(strings("SELECT encode(tally, 'hex') FROM drift.baseline")).isEqualTo(before);
        assertThatThrownBy(() -> execute("UPDATE drift.baseline SET observations = 7"))
                .hasMessageContaining("frozen");
    }

    @Test
    void waitsForABaselineUntilShadowIsEnough() throws SQLException {
        window(START, 0, 700, 0, true);
        window(START + 1, 1, 300, 0, true);
        loop.round();
        assertThat(count("published_baseline")).isZero();

        window(START, 0, 700, 0, true);
        clock.advance(Duration.ofSeconds(31));
        loop.round();

        assertThat(count("published_baseline")).isEqualTo(1);
        assertThat(strings("SELECT severity FROM drift.published_score")).containsExactly("none");
    }

    @Test
    void judgesEachClosedWindowOnceWithRowsOfAllPartitions() throws SQLException {
        window(START, 0, 3_000, 0, true);
        window(START + 1, 1, 150, 0, true);
        window(START + 1, 1, 150, 0, true);

        loop.round();
        loop.round();

        assertThat(strings("SELECT minute || ' ' || current_n || ' ' || provisional FROM drift.published_score"))
                .containsExactly((START + 1) + " 300 false");
        assertThat(strings("SELECT scores::text FROM drift.judged_window")).containsExactly("1");
    }

    @Test
    void openWindowsAreScoredProvisionallyAndReplacedWhenTheyClose() throws SQLException {
        window(START, 0, 3_000, 0, true);
        window(START + 1, 1, 250, 0, false);
        window(START + 2, 1, 150, 0, false);

        loop.round();
        assertThat(strings("SELECT minute || ' ' || current_n || ' ' || provisional FROM drift.published_score"))
                .containsExactly((START + 2) + " 400 true");

        execute("UPDATE evaluator.published_window SET closed = true");
        loop.round();
        assertThat(strings("SELECT minute || ' ' || current_n || ' ' || provisional FROM drift.published_score"))
                .containsExactly((START + 1) + " 250 false");
    }

    @Test
    void aDriftedWindowOpensAFindingAndTwoCalmOnesCloseIt() throws SQLException {
        window(START, 0, 3_000, 0, true);
        window(START + 1, 1, 1_000, 0.25, true);
        loop.round();
        assertThat(strings("SELECT feature || ' ' || severity || ' ' || opened_minute FROM drift.published_finding "
                        + "WHERE closed_minute IS NULL"))
                .containsExactly("confidence act " + (START + 1));

        window(START + 2, 2, 1_000, 0, true);
        loop.round();
        assertThat(strings("SELECT finding FROM drift.published_finding WHERE closed_minute IS NULL"))
                .hasSize(1);

        window(START + 3, 2, 1_000, 0, true);
        loop.round();
        assertThat(strings("SELECT closed_minute::text FROM drift.published_finding"))
                .containsExactly(Long.toString(START + 3));
    }

    @Test
    void aScoreSaysItsVerdictAndTheWholeDistribution() throws SQLException {
        window(START, 0, 3_000, 0, true);
        window(START + 1, 1, 1_000, 0.25, true);

        loop.round();

        assertThat(strings(
                        "SELECT verdict || ' ' || needed || ' ' || (ks_d > 0.5) || ' ' || (ks_p_adjusted < 1e-6) || ' '"
                                + " || missing_current || ' ' || (chi2_v IS NULL) FROM drift.published_score"))
                .containsExactly("BREACH 0 true true 0 true");
    }

    @Test
    void aWindowOfMissingValuesHasAScoreWithoutAnIndexAndOpensAFinding() throws SQLException {
        window(START, 0, 3_000, 0, true);
        Tally missing = new Tally().add(Measures.REQUESTS, 0, 500).add(Measures.CONFIDENCE, UnitGrid.MISSING, 500);
        insert(START + 1, 1, missing, true);

        loop.round();

        assertThat(strings("SELECT verdict || ' ' || severity || ' ' || missing_current || ' ' || (psi IS NULL)"
                        + " FROM drift.published_score"))
                .containsExactly("NO-EVIDENCE warn 1 true");
        assertThat(strings("SELECT severity || ': ' || sentence FROM drift.published_finding"))
                .singleElement()
                .asString()
                .startsWith("warn: confidence has drifted")
                .contains("100.0 % without a finite value against 0.0 % of the baseline");
    }

    @Test
    void aSecondProcessDoesNotJudgeAgain() throws SQLException {
        window(START, 0, 3_000, 0, true);
        window(START + 1, 1, 1_000, 0.25, true);

        loop.round();
        newLoop().round();

        assertThat(count("published_score")).isEqualTo(1);
        assertThat(count("published_finding")).isEqualTo(1);
    }

    @Test
    void aRolloutThatCannotBeJudgedDoesNotStarveTheOthersAndIsTriedAgain() throws SQLException {
        window(START, 0, 3_000, 0, true);
        window(START + 1, 1, 1_000, 0.25, true);
        execute("INSERT INTO evaluator.published_window SELECT tenant, workload, '00000000000000000000000000', minute,"
                + " stage, cohort, slice, '\\xff'::bytea, closed FROM evaluator.published_window");

        loop.round();

        assertThat(count("published_score")).isEqualTo(1);
        assertThat(loop.troubles())
                .singleElement()
                .asString()
                .startsWith("rollout 00000000000000000000000000 cannot be judged: ");

        execute("UPDATE evaluator.published_window bad SET tally = good.tally FROM evaluator.published_window good"
                + " WHERE bad.rollout <> good.rollout AND good.rollout = '" + ROLLOUT
                + "' AND bad.minute = good.minute");
        loop.round();
        assertThat(count("published_score")).isEqualTo(1);

        clock.advance(Duration.ofSeconds(11));
        loop.round();
        assertThat(count("published_score")).isEqualTo(2);
        assertThat(loop.troubles()).isEmpty();
    }

    @Test
    void slicesHaveBaselinesScoresAndFindingsOfTheirOwn() throws SQLException {
        window(START, 0, 3_000, 0, true);
        slice("region=north", START, 0, 1_500, 0);
        slice("region=south", START, 0, 1_500, 0);
        window(START + 1, 1, 2_000, 0, true);
        slice("region=north", START + 1, 1, 1_000, 0);
        slice("region=south", START + 1, 1, 1_000, 0.25);

        loop.round();

        assertThat(strings("SELECT slice || ' ' || active FROM drift.published_baseline ORDER BY slice"))
                .containsExactly("all true", "region=north true", "region=south true");
        assertThat(strings("SELECT slice || ' ' || severity FROM drift.published_score ORDER BY slice"))
                .containsExactly("all none", "region=north none", "region=south act");
        assertThat(strings("SELECT slice || ': ' || sentence FROM drift.published_finding"))
                .singleElement()
                .asString()
                .startsWith("region=south: confidence in region=south has drifted")
                .contains("What moved: up to 0.4");
    }

    @Test
    void minutesOfLittleTrafficAreJudgedTogetherUntilTheyAreEnough() throws SQLException {
        window(START, 0, 3_000, 0, true);
        window(START + 1, 1, 90, 0.25, true);
        window(START + 2, 1, 90, 0.25, true);
        loop.round();
        assertThat(count("published_score")).isZero();

        window(START + 4, 1, 90, 0.25, true);
        newLoop().round();

        assertThat(strings("SELECT first_minute || ' ' || minute || ' ' || current_n FROM drift.published_score"))
                .containsExactly((START + 1) + " " + (START + 4) + " 270");
        assertThat(strings("SELECT opened_minute || ' ' || last_minute FROM drift.published_finding"))
                .containsExactly((START + 1) + " " + (START + 4));
        assertThat(strings("SELECT slice FROM drift.pending")).isEmpty();
    }

    @Test
    void aLateMinuteThatCompletesAWindowDoesNotHideTheLaterOnesInIt() throws SQLException {
        window(START, 0, 3_000, 0, true);
        window(START + 5, 1, 90, 0.25, true);
        window(START + 4, 1, 90, 0.25, true);
        loop.round();
        window(START + 3, 1, 90, 0.25, true);
        newLoop().round();

        assertThat(strings("SELECT first_minute || ' ' || minute || ' ' || current_n FROM drift.published_score"))
                .containsExactly((START + 3) + " " + (START + 5) + " 270");
    }

    @Test
    void whatIsNotEnoughWithinTheLongestWindowIsGivenUp() throws SQLException {
        window(START, 0, 3_000, 0, true);
        window(START + 1, 1, 150, 0.25, true);
        window(START + 61, 1, 150, 0, true);
        loop.round();

        assertThat(count("published_score")).isZero();
        assertThat(strings("SELECT first_minute::text FROM drift.pending")).containsExactly(Long.toString(START + 61));
    }

    @Test
    void aFindingTellsItsWindowsAndTheOutside() throws SQLException {
        window(START, 0, 3_000, 0, true);
        window(START + 1, 1, 1_000, 0.25, true);
        window(START + 2, 1, 1_000, 0.25, true);
        window(START + 3, 1, 1_000, 0, true);
        window(START + 4, 1, 1_000, 0, true);

        loop.round();

        assertThat(strings("SELECT last_minute || ' ' || severity || ' ' || observations"
                        + " FROM drift.published_finding_window ORDER BY last_minute"))
                .containsExactly((START + 1) + " act 1000", (START + 2) + " act 1000");
        assertThat(strings("SELECT kind FROM drift.published_event ORDER BY number"))
                .containsExactly("drift.finding.opened", "retraining.due", "drift.finding.closed");
        assertThat(strings("SELECT endpoint || ' ' || state FROM drift.published_delivery"))
                .containsOnly("ops waiting")
                .hasSize(3);
        assertThat(strings("SELECT body -> 'data' -> 'moved' -> 0 ->> 'range' FROM drift.published_event"
                        + " WHERE kind = 'drift.finding.opened'"))
                .singleElement()
                .asString()
                .startsWith("up to 0.4");
    }

    @Test
    void driftThatCallsForActionMakesTheBuildDueForRetrainingOnceADay() throws SQLException {
        controller();
        window(START, 0, 3_000, 0, true);
        window(START + 1, 1, 1_000, 0.25, true);
        loop.round();
        window(START + 2, 1, 1_000, 0, true);
        window(START + 3, 1, 1_000, 0, true);
        window(START + 4, 1, 1_000, 0.25, true);
        loop.round();

        assertThat(strings("SELECT build || ' ' || reason || ' ' || sentence FROM drift.published_retraining"))
                .containsExactly("intent-v2 drift drift that calls for action on confidence");
        assertThat(strings("SELECT detail -> 'features' -> 0 -> 'windows' -> 0 ->> 'observations' || ' '"
                        + " || (detail -> 'features' -> 0 -> 'baseline' ->> 'origin') || ' '"
                        + " || (detail -> 'counts' ->> 'observations') FROM drift.published_retraining"))
                .containsExactly("1000 shadow 1000");

        clock.advance(Duration.ofHours(25));
        window(START + 5, 1, 1_000, 0, true);
        window(START + 6, 1, 1_000, 0, true);
        window(START + 7, 1, 1_000, 0.25, true);
        newLoop().round();
        assertThat(count("published_retraining")).isEqualTo(2);
    }

    @Test
    void aFindingThatBeginsTooSoonAfterATriggerIsToldADayLaterIfItIsStillOpen() throws SQLException {
        controller();
        window(START, 0, 3_000, 0, true);
        slice("region=south", START, 0, 1_500, 0);
        window(START + 1, 1, 1_000, 0.25, true);
        slice("region=south", START + 1, 1, 1_000, 0);
        window(START + 2, 1, 1_000, 0.25, true);
        slice("region=south", START + 2, 1, 1_000, 0.25);
        loop.round();
        assertThat(count("published_retraining")).isEqualTo(1);

        clock.advance(Duration.ofHours(25));
        window(START + 3, 1, 1_000, 0.25, true);
        slice("region=south", START + 3, 1, 1_000, 0.25);
        newLoop().round();
        window(START + 4, 1, 1_000, 0.25, true);
        newLoop().round();

        assertThat(strings("SELECT sentence FROM drift.published_retraining ORDER BY at"))
                .containsExactly(
                        "drift that calls for action on confidence",
                        "drift that calls for action on confidence, confidence in region=south");
        clock.advance(Duration.ofHours(25));
        window(START + 5, 1, 1_000, 0.25, true);
        newLoop().round();
        assertThat(count("published_retraining")).as("both were told").isEqualTo(2);
    }

    @Test
    void aFindingEndsWhenNothingMoreIsSeenOfItsSliceForHoursOfTraffic() throws SQLException {
        window(START, 0, 3_000, 0, true);
        slice("region=south", START, 0, 1_500, 0);
        window(START + 1, 1, 1_000, 0, true);
        slice("region=south", START + 1, 1, 1_000, 0.25);
        loop.round();
        for (int minute = 2; minute <= 360; minute++) {
            window(START + minute, 1, 200, 0, true);
        }
        judgeAll();
        assertThat(strings("SELECT slice FROM drift.published_finding WHERE closed_minute IS NULL"))
                .containsExactly("region=south");

        window(START + 361, 1, 200, 0, true);
        judgeAll();

        assertThat(strings("SELECT slice || ' ' || closed_minute || ' ' || ending FROM drift.published_finding"))
                .containsExactly("region=south " + (START + 361) + " silent");
        assertThat(strings("SELECT body -> 'data' ->> 'ending' FROM drift.published_event"
                        + " WHERE kind = 'drift.finding.closed'"))
                .containsExactly("silent");
        assertThat(strings("SELECT body -> 'data' ->> 'baseline' FROM drift.published_event"
                        + " WHERE kind LIKE 'drift.finding.%'"))
                .doesNotContain("")
                .containsOnly(
                        strings("SELECT baseline FROM drift.published_finding").getFirst());
    }

    @Test
    void aQuietNightDoesNotEndAFindingOfTheWholeRollout() throws SQLException {
        window(START, 0, 3_000, 0, true);
        window(START + 1, 1, 1_000, 0.25, true);
        for (int minute = 2; minute <= 400; minute++) {
            window(START + minute, 1, 3, 0, true);
        }
        judgeAll();

        assertThat(strings("SELECT closed_minute IS NULL FROM drift.published_finding"))
                .containsExactly("t");
    }

    @Test
    void aRolloutWithoutTrafficKeepsItsFindings() throws SQLException {
        window(START, 0, 3_000, 0, true);
        window(START + 1, 1, 1_000, 0.25, true);
        window(START + 5_000, 1, 50, 0, true);
        loop.round();

        assertThat(strings("SELECT ending IS NULL FROM drift.published_finding"))
                .containsExactly("t");
    }

    @Test
    void choresThatFailAreToldAndRolloutsAreJudgedAllTheSame() throws SQLException {
        window(START, 0, 3_000, 0, true);
        window(START + 1, 1, 1_000, 0.25, true);
        execute("CREATE TABLE evaluator.published_holdout AS SELECT 'default' AS tenant");

        loop.round();

        assertThat(count("published_finding")).isEqualTo(1);
        assertThat(loop.troubles())
                .singleElement()
                .asString()
                .startsWith("baselines and reference sets cannot be looked after: ");

        execute("DROP TABLE evaluator.published_holdout");
        clock.advance(Duration.ofMinutes(2));
        loop.round();
        assertThat(loop.troubles()).isEmpty();
    }

    /// A round takes so many minutes at most.
    private void judgeAll() throws SQLException {
        for (int i = 0; i < 8; i++) {
            loop.round();
        }
    }

    @Test
    void aBuildIsDueByAgeOnceAndOnlyWhereItsTrainingDateIsKnown() throws SQLException {
        controller();
        loop.round();
        assertThat(count("published_retraining")).isZero();

        execute("UPDATE controller.published_build SET trained_on = to_timestamp(" + START * 60 + ")::date - 90");
        clock.advance(Duration.ofMinutes(2));
        loop.round();
        clock.advance(Duration.ofMinutes(2));
        loop.round();

        assertThat(strings("SELECT build || ' ' || reason || ' ' || sentence FROM drift.published_retraining"))
                .singleElement()
                .asString()
                .startsWith("intent-v2 age trained on ")
                .endsWith(", 90 days ago");
        assertThat(strings("SELECT kind FROM drift.published_event")).containsExactly("retraining.due");
    }

    @Test
    void categoriesAreCalledAsTheWorkloadCallsThem() throws SQLException {
        controller();
        labels(START, 0, 2_000, 1_000);
        labels(START + 1, 1, 200, 800);

        loop.round();

        assertThat(strings("SELECT feature || ': ' || sentence FROM drift.published_finding"))
                .singleElement()
                .asString()
                .startsWith("label: label has drifted")
                .contains("timer: 80.0 %, was 33.3 %");
    }

    /// The controller's views, with one build.
    private void controller() throws SQLException {
        execute("CREATE SCHEMA controller");
        execute("CREATE TABLE controller.published_rollout AS SELECT 'default' AS tenant, 'intent' AS workload, '"
                + ROLLOUT + "' AS rollout, 'intent-v2' AS challenger, NULL::text AS outcome, now() AS created_at");
        execute("CREATE TABLE controller.published_build AS SELECT 'default' AS tenant, 'intent-v2' AS build,"
                + " NULL::date AS trained_on");
        execute("CREATE TABLE controller.published_workload AS SELECT 'default' AS tenant, 'intent' AS workload,"
                + " 1 AS version, '{\"labels\": [\"play_music\", \"timer\"]}'::jsonb AS definition");
    }

    private void labels(long minute, int stage, long music, long timers) throws SQLException {
        insert(
                minute,
                stage,
                new Tally()
                        .add(Measures.PAIR_LABELS + 2, LabelHash.bucket("play_music"), music)
                        .add(Measures.PAIR_LABELS + 2, LabelHash.bucket("timer"), timers),
                true);
    }

    private void slice(String slice, long minute, int stage, int n, double shift) throws SQLException {
        insert(slice, minute, stage, confidences(n, shift), true);
    }

    private DriftLoop newLoop() {
        return new DriftLoop(
                database,
                DriftSettings.of(DriftPolicy.DEFAULT, Duration.ofSeconds(1)).with(List.of("ops")),
                clock,
                new SplittableRandom(5));
    }

    private void window(long minute, int stage, int n, double shift, boolean closed) throws SQLException {
        insert(minute, stage, confidences(n, shift), closed);
    }

    private Tally confidences(int n, double shift) {
        Tally tally = new Tally().add(Measures.REQUESTS, 0, n);
        for (int i = 0; i < n; i++) {
            tally.add(Measures.CONFIDENCE, UnitGrid.cell(0.6 - shift + 0.13 * random.nextGaussian()));
        }
        return tally;
    }

    private void insert(long minute, int stage, Tally tally, boolean closed) throws SQLException {
        insert("all", minute, stage, tally, closed);
    }

    private void insert(String slice, long minute, int stage, Tally tally, boolean closed) throws SQLException {
        database.transact(sql -> sql.update(
                "INSERT INTO evaluator.published_window VALUES ('default', 'intent', ?, ?, ?, 1, ?, ?, ?)",
                ROLLOUT,
                minute,
                stage,
                slice,
                tally.encode(),
                closed));
    }

    private long count(String view) throws SQLException {
        return strings("SELECT 'x' FROM drift." + view).size();
    }

    private List<String> strings(String query) throws SQLException {
        return database.read(sql -> sql.list(query, row -> row.getString(1)));
    }

    private void execute(String statement) throws SQLException {
        database.transact(sql -> sql.update(statement));
    }
}
