// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
        execute("DROP TABLE IF EXISTS evaluator.published_window");
        execute("""
                CREATE TABLE evaluator.published_window (tenant text, workload text, rollout text, minute bigint,
                    stage int, cohort int, slice text, tally bytea, closed boolean)""");
        execute("TRUNCATE drift.baseline, drift.judged_window, drift.score, drift.finding");
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
                .contains("100.0 % without a finite value against 0.0 % in shadow");
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

    private DriftLoop newLoop() {
        return new DriftLoop(database, DriftPolicy.DEFAULT, Duration.ofSeconds(1), clock, new SplittableRandom(5));
    }

    private void window(long minute, int stage, int n, double shift, boolean closed) throws SQLException {
        Tally tally = new Tally().add(Measures.REQUESTS, 0, n);
        for (int i = 0; i < n; i++) {
            tally.add(Measures.CONFIDENCE, UnitGrid.cell(0.6 - shift + 0.13 * random.nextGaussian()));
        }
        insert(minute, stage, tally, closed);
    }

    private void insert(long minute, int stage, Tally tally, boolean closed) throws SQLException {
        database.transact(sql -> sql.update(
                "INSERT INTO evaluator.published_window VALUES ('default', 'intent', ?, ?, ?, 1, 'all', ?, ?)",
                ROLLOUT,
                minute,
                stage,
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
