// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.tally.Counts;
import io.edgewise.evaluator.EvidenceKey;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells of sums of evidence that have no room left ([Counts#FULL]): once each, since they stay so.
final class FullSums {
    static final String COUNTER = "sums_full";

    private static final Logger LOG = LoggerFactory.getLogger(FullSums.class);
    /// Neither a book nor a partition.
    private static final int WRITER = Integer.MIN_VALUE;

    private FullSums() {}

    /// @param before how many of this evidence were full until now
    static void note(Sql sql, EvidenceKey key, int before, int now) throws SQLException {
        if (now > before) {
            LOG.error(
                    "Sums of the evidence of rollout {} of tenant {}, workload {}, {}, have no room left: they say "
                            + "\"{} or more\" from now on. Look for devices that state impossible costs, energies or "
                            + "tokens; a rollout in a currency of very small units ends in time if its stages are shorter.",
                    key.rollout(),
                    key.tenant(),
                    key.workload(),
                    key.stratum(),
                    Counts.FULL);
            sql.update(ADD, WRITER, COUNTER, (long) now - before);
        }
    }

    private static final String ADD = """
            INSERT INTO evaluator.counter (writer, name, amount) VALUES (?, ?, ?)
                ON CONFLICT (writer, name) DO UPDATE SET amount = counter.amount + excluded.amount
            """;
}
