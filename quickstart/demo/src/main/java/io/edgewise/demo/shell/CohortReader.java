// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.demo.CohortFigures;
import io.edgewise.statistics.grid.Cells;
import io.edgewise.statistics.grid.Quantiles;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import javax.sql.DataSource;

/// What the users of each cohort met, from the view that the evaluator publishes.
final class CohortReader {
    private static final String EVIDENCE =
            "select cohort, tally from evaluator.published_evidence where tenant = ? and rollout = ? and slice = ?";
    private static final double P99 = 0.99;
    private static final int QUERY_SECONDS = 2;

    private final DataSource database;

    CohortReader(DataSource database) {
        this.database = database;
    }

    /// Both cohorts since the rollout began, all stages together.
    record Both(CohortFigures control, CohortFigures canary) {
        static final Both NONE = new Both(CohortFigures.NONE, CohortFigures.NONE);
    }

    Both read(String tenant, String rollout) throws SQLException {
        Map<Cohort, Tally> tallies = new EnumMap<>(Cohort.class);
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(EVIDENCE)) {
            statement.setQueryTimeout(QUERY_SECONDS);
            statement.setString(1, tenant);
            statement.setString(2, rollout);
            statement.setString(3, Stratum.ALL);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    Cohort cohort = Cohort.forNumber(rows.getInt("cohort"));
                    if (cohort != null) {
                        tallies.computeIfAbsent(cohort, key -> new Tally()).merge(Tally.decode(rows.getBytes("tally")));
                    }
                }
            }
        }
        return new Both(
                figures(tallies.getOrDefault(Cohort.COHORT_CONTROL, new Tally())),
                figures(tallies.getOrDefault(Cohort.COHORT_CANARY, new Tally())));
    }

    static CohortFigures figures(Tally tally) {
        long priced = tally.get(Measures.USER_COST, 1);
        return new CohortFigures(
                tally.get(Measures.REQUESTS, 0),
                Quantiles.of(cells(tally.read(Measures.USER_LATENCY)), P99),
                priced == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of((double) tally.get(Measures.USER_COST, 0) / priced));
    }

    private static Cells cells(Counts counts) {
        int[] cells = counts.buckets();
        long[] amounts = new long[cells.length];
        for (int i = 0; i < cells.length; i++) {
            amounts[i] = counts.get(cells[i]);
        }
        return new Cells(cells, amounts);
    }
}
