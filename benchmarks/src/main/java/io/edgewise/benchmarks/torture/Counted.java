// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

import io.edgewise.contracts.Topics;
import io.edgewise.contracts.tally.Counts;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.runtime.jdbc.Database;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.sql.DataSource;

/// What the database says was counted, in the ledger's words.
final class Counted {
    private static final List<String> WINDOWS = List.of(
            Measures.REQUESTS,
            Measures.SERVED,
            Measures.DETOURS,
            Measures.PAIRS,
            Measures.ATTEMPTS,
            Measures.ASSIGNED,
            Measures.USER_LATENCY,
            Measures.USER_COST,
            Measures.AGREEMENT_CALIBRATION,
            Measures.THUMBS,
            Measures.SCORES,
            Measures.TRUTH,
            Measures.WINS,
            Measures.CALIBRATION,
            Measures.CALIBRATION_GAP);
    private static final List<String> EVIDENCE = Stream.concat(
                    WINDOWS.stream(),
                    Stream.of(
                            Measures.DEVICES,
                            Measures.CALIBRATION_FIRST,
                            Measures.BLOCKS_OPENED,
                            Measures.BLOCKS_DISAGREE,
                            Measures.BLOCKS_DISAGREE_SAFE,
                            Measures.BLOCKS_REFUSAL,
                            Measures.BLOCKS_ERROR,
                            Measures.BLOCKS_CALIBRATION,
                            Measures.BLOCKS_WINS))
            .toList();

    /// The accounts of all partitions.
    record Accounts(long counted, long late, long dropped, long duplicates, long rejected, long lost, long openGaps) {
        long accounted() {
            return counted + late + dropped;
        }
    }

    private final Database database;

    Counted(DataSource source) {
        this.database = new Database(source);
    }

    /// Every bucket of every row, summed by key.
    Map<String, Long> sums() throws SQLException {
        Map<String, Long> sums = new TreeMap<>();
        database.read(sql -> sql.list(
                "SELECT 'evidence ' || rollout || ' ' || stage || ' ' || cohort || ' ' || slice || ' ', tally"
                        + " FROM evaluator.published_evidence",
                row -> add(sums, row.getString(1), row.getBytes(2), EVIDENCE)));
        database.read(sql -> sql.list(
                "SELECT 'window ' || rollout || ' ' || minute || ' ' || stage || ' ' || cohort || ' ' || slice || ' ',"
                        + " tally FROM evaluator.published_window",
                row -> add(sums, row.getString(1), row.getBytes(2), WINDOWS)));
        return sums;
    }

    private static boolean add(Map<String, Long> sums, String key, byte[] bytes, List<String> measures) {
        Tally tally = Tally.decode(bytes);
        for (String measure : measures) {
            Counts counts = tally.read(measure);
            for (int bucket : counts.buckets()) {
                if (counts.get(bucket) != 0) {
                    sums.merge(key + measure + '/' + bucket, counts.get(bucket), Long::sum);
                }
            }
        }
        return true;
    }

    Accounts accounts(String topic) throws SQLException {
        return accounts("evaluator.published_lane WHERE topic", topic);
    }

    /// The same from the rows of single spools, as soon as those are written.
    Accounts accountsOfSpools(String topic) throws SQLException {
        return accounts(
                "evaluator.published_account WHERE kind", topic.equals(Topics.FEEDBACK) ? "feedback" : "observation");
    }

    private Accounts accounts(String from, String which) throws SQLException {
        return database.read(sql -> sql.first(
                        """
                        SELECT coalesce(sum(counted), 0)::bigint, coalesce(sum(late), 0)::bigint,
                               coalesce(sum(dropped), 0)::bigint, coalesce(sum(duplicates), 0)::bigint,
                               coalesce(sum(rejected), 0)::bigint, coalesce(sum(lost), 0)::bigint,
                               coalesce(sum(open_gaps), 0)::bigint FROM $from = ?
                        """.replace("$from", from),
                        row -> new Accounts(
                                row.getLong(1),
                                row.getLong(2),
                                row.getLong(3),
                                row.getLong(4),
                                row.getLong(5),
                                row.getLong(6),
                                row.getLong(7)),
                        which)
                .orElseThrow());
    }

    /// Partitions and spools whose accounts do not add up; must be 0 at any time.
    long imbalances() throws SQLException {
        return database.read(sql -> sql.first("""
                        SELECT (SELECT count(*) FROM evaluator.published_lane WHERE imbalance <> 0)
                             + (SELECT count(*) FROM evaluator.published_account WHERE imbalance <> 0)
                        """, row -> row.getLong(1)).orElseThrow());
    }

    /// Rows of the devices' log that are not in rows of their own yet.
    long waiting() throws SQLException {
        return database.read(sql -> sql.first("SELECT count(*) FROM evaluator.device_log", row -> row.getLong(1))
                .orElseThrow());
    }
}
