// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.contracts.Stratum;
import io.edgewise.evaluator.BookChanges;
import io.edgewise.evaluator.EvidenceKey;
import io.edgewise.evaluator.HoldoutAnswers;
import io.edgewise.evaluator.WindowKey;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/// Stores the changes of a book, one statement per table, and tells whoever listens.
final class BookWriter {
    private static final int LONGEST_PAYLOAD = 7_900;

    private final UnnestBatch counters = new UnnestBatch("int4", "text", "int8");
    private final UnnestBatch holdouts =
            new UnnestBatch("int4", "text", "text", "text", "text", "int8", "int8", "int8", "int8", "int8", "int8");
    private final Iterable<BookChanges.Part> parts;
    private final CopyRows disagreements = new CopyRows();
    private final Set<String> rollouts;
    private int partRows;
    private int keys;

    BookWriter(int book, BookChanges changes) {
        rollouts = changes.rollouts();
        parts = changes.parts();
        changes.counters().forEach(entry -> counters.add(book, entry.getKey(), entry.getValue()));
        changes.disagreements().forEach(this::add);
        changes.holdouts().forEach(each -> add(book, each));
    }

    /// Rows of parts that were written.
    int partRows() {
        return partRows;
    }

    /// Slices in all of them.
    int keys() {
        return keys;
    }

    private void add(CopyRows parts, BookChanges.Part part) {
        partRows++;
        keys += part.slices().size();
        EvidenceKey key = part.key();
        Stratum stratum = key.stratum();
        BookChanges.Slice all = part.slices().getFirst();
        List<BookChanges.Slice> slices = part.slices().subList(1, part.slices().size());
        parts.row(15)
                .put(key.tenant())
                .put(key.rollout())
                .put(key.workload())
                .put(stratum.stage())
                .put(stratum.cohort().getNumber())
                .put(stratum.pairingRateBp())
                .put(stratum.escalated());
        if (part.minute().isPresent()) {
            parts.put(part.minute().getAsLong());
        } else {
            parts.putNull();
        }
        parts.put(all.counted()).put(all.shown()).put(all.lastAppendMs());
        parts.putTexts(slices.stream().map(BookChanges.Slice::name).toList())
                .putAll(slices.stream().map(BookChanges.Slice::counted).toList())
                .putAll(slices.stream().map(BookChanges.Slice::shown).toList())
                .putNumbers(slices.stream().map(BookChanges.Slice::lastAppendMs).toList());
    }

    private void add(BookChanges.Disagreement disagreement) {
        WindowKey key = disagreement.window();
        disagreements
                .row(8)
                .put(key.tenant())
                .put(key.rollout())
                .put(key.workload())
                .put(key.minute())
                .put(key.stage())
                .put(key.cohort().getNumber())
                .put(disagreement.chance())
                .put(disagreement.observation());
    }

    private void add(int book, BookChanges.Holdout holdout) {
        HoldoutAnswers.Key key = holdout.key();
        HoldoutAnswers.Sums sums = holdout.sums();
        holdouts.add(
                book,
                key.tenant(),
                key.workload(),
                key.build(),
                key.reference(),
                sums.answers(),
                sums.correct(),
                sums.failed(),
                sums.entropies(),
                sums.entropySum(),
                sums.entropySquares());
    }

    void write(Sql sql) throws SQLException {
        counters.write(sql, COUNTERS);
        holdouts.write(sql, HOLDOUTS);
        CopyRows.stream(sql.connection(), PARTS, parts, this::add);
        disagreements.send(sql.connection(), DISAGREEMENTS);
        sql.list("SELECT pg_notify('edgewise_evidence', ?)", row -> true, payload());
    }

    /// Notifications are short; an empty payload means "look at all".
    private String payload() {
        String payload = String.join(",", rollouts);
        return payload.length() > LONGEST_PAYLOAD ? "" : payload;
    }

    private static final String COUNTERS = """
            INSERT INTO evaluator.counter (writer, name, amount)
            SELECT * FROM unnest(?, ?, ?)
                ON CONFLICT (writer, name) DO UPDATE SET amount = excluded.amount
            """;

    private static final String HOLDOUTS = """
            INSERT INTO evaluator.holdout AS kept (writer, tenant, workload, build, reference, answers, correct, failed,
                                                   entropies, entropy_milli, entropy_milli_squares)
            SELECT * FROM unnest(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (writer, tenant, workload, build, reference) DO UPDATE
               SET answers = kept.answers + excluded.answers,
                   correct = kept.correct + excluded.correct,
                   failed = kept.failed + excluded.failed,
                   entropies = kept.entropies + excluded.entropies,
                   entropy_milli = least($most, kept.entropy_milli::numeric + excluded.entropy_milli)::bigint,
                   entropy_milli_squares =
                       least($most, kept.entropy_milli_squares::numeric + excluded.entropy_milli_squares)::bigint
            """.replace("$most", Long.toString(HoldoutAnswers.MOST_SUM));

    private static final String PARTS = """
            COPY evaluator.part (tenant, rollout, workload, stage, cohort, pairing_rate_bp, escalated, minute, counted,
                                 shown, last_append_ms, slices, slice_counted, slice_shown, slice_last_append_ms)
            FROM STDIN (FORMAT binary)
            """;

    private static final String DISAGREEMENTS = """
            COPY evaluator.disagreement_delta (tenant, rollout, workload, minute, stage, cohort, chance, observation)
            FROM STDIN (FORMAT binary)
            """;
}
