// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.contracts.Names;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Role;
import io.edgewise.evaluator.judge.Disagreement;
import io.edgewise.evaluator.judge.DisagreementKey;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.ExportLine;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.LabelView;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.SampleView;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Labelled disagreements for a training job, one JSON object a line: only those whose record says that it may be used
/// for training, and whose verdict somebody gave. Read and written page by page, so that neither memory nor a snapshot
/// of the database is held however long it is.
@ApplicationScoped
public class Export {
    private static final int PAGE = 100;

    private final Database database;
    private final String tenant;

    @Inject
    public Export(Database database, JudgeConfig config) {
        this.database = database;
        this.tenant = Names.require("edgewise.judge.tenant", config.tenant());
    }

    /// What is exported: minutes from `from` (in it) to `to` (not in it).
    public record Range(String workload, long from, long to) {}

    private record Window(String rollout, long minute, int stage, int cohort) {}

    private record Labelled(Disagreement disagreement, List<LabelView> labels) {}

    /// Fails in the middle rather than end early: what was written is then no whole export.
    public long write(Range range, OutputStream out) throws IOException {
        long lines = 0;
        DisagreementKey after = new DisagreementKey("", range.from() - 1, Long.MAX_VALUE);
        while (true) {
            List<Labelled> page = page(range, after);
            Map<Window, SampleView> samples = new HashMap<>();
            for (Labelled each : page) {
                if (each.disagreement().mayTrain()) {
                    out.write(line(each, sample(each.disagreement(), samples)).getBytes(StandardCharsets.US_ASCII));
                    lines++;
                }
            }
            out.flush();
            if (page.size() < PAGE) {
                return lines;
            }
            after = page.getLast().disagreement().key();
        }
    }

    private List<Labelled> page(Range range, DisagreementKey after) throws IOException {
        return read(sql -> {
            List<Labelled> page = new ArrayList<>();
            for (Disagreement each : sql.list(
                    NEXT,
                    Candidates::disagreement,
                    tenant,
                    range.workload(),
                    range.from(),
                    range.to(),
                    after.minute(),
                    after.rollout(),
                    after.chance(),
                    PAGE)) {
                page.add(new Labelled(each, labels(sql, each.key())));
            }
            return page;
        });
    }

    private List<LabelView> labels(Sql sql, DisagreementKey key) throws SQLException {
        // People before the judge.
        return sql.list("""
                SELECT source, judge, verdict, truth, reason, prompt, judged_at FROM evaluator.judgement
                 WHERE tenant = ? AND rollout = ? AND minute = ? AND chance = ? AND verdict IS NOT NULL
                 ORDER BY source DESC""", Views::label, tenant, key.rollout(), key.minute(), key.chance());
    }

    private SampleView sample(Disagreement disagreement, Map<Window, SampleView> known) throws IOException {
        Observation observation = disagreement.observation();
        Window window = new Window(
                disagreement.key().rollout(),
                disagreement.key().minute(),
                observation.getStage(),
                observation.getCohortValue());
        SampleView there = known.get(window);
        if (there == null) {
            there = read(sql -> sample(sql, window, observation.getWorkload()));
            known.put(window, there);
        }
        return there;
    }

    private SampleView sample(Sql sql, Window window, String workload) throws SQLException {
        long kept = sql.list(
                        """
                        SELECT count(*) FROM evaluator.disagreement
                         WHERE tenant = ? AND rollout = ? AND workload = ? AND minute = ? AND stage = ? AND cohort = ?""",
                        row -> row.getLong(1),
                        tenant,
                        window.rollout(),
                        workload,
                        window.minute(),
                        window.stage(),
                        window.cohort())
                .getFirst();
        Tally all = new Tally();
        sql.list(
                """
                SELECT tally FROM evaluator.published_window
                 WHERE tenant = ? AND rollout = ? AND workload = ? AND minute = ? AND stage = ? AND cohort = ?
                   AND slice = 'all'""",
                row -> all.merge(Tally.decode(row.getBytes(1))),
                tenant,
                window.rollout(),
                workload,
                window.minute(),
                window.stage(),
                window.cohort());
        long of = all.get(Measures.PAIRS, 1);
        return of == 0 ? new SampleView(kept, null, null) : new SampleView(kept, of, Math.min(1, (double) kept / of));
    }

    private static String line(Labelled labelled, SampleView sample) {
        Disagreement disagreement = labelled.disagreement();
        Observation observation = disagreement.observation();
        LabelView label = labelled.labels().getFirst();
        return Json.write(new ExportLine(
                        disagreement.key().id(),
                        observation.getTenant(),
                        observation.getWorkload(),
                        observation.getWorkloadVersion(),
                        observation.getRollout(),
                        observation.getRevision(),
                        observation.getStage(),
                        Views.cohort(observation),
                        Minutes.text(disagreement.key().minute()),
                        Instant.ofEpochMilli(observation.getEventTimeMs()).toString(),
                        observation.getComparison().getDefinition(),
                        observation.getComparison().getAgreement(),
                        sample,
                        List.of("training"),
                        observation.getSlicesMap(),
                        Views.orNull(observation.getRequestText()),
                        Views.answer(disagreement, Role.ROLE_CHAMPION),
                        Views.answer(disagreement, Role.ROLE_CHALLENGER),
                        label,
                        labelled.labels().size() > 1 ? labelled.labels().getLast() : null,
                        right(disagreement, label)))
                + '\n';
    }

    /// Null where the label says of no answer that it is right.
    private static @Nullable String right(Disagreement disagreement, LabelView label) {
        if (label.truth() != null) {
            return label.truth();
        }
        return switch (String.valueOf(label.verdict())) {
            case "challenger" -> disagreement.answer(Role.ROLE_CHALLENGER);
            case "champion" -> disagreement.answer(Role.ROLE_CHAMPION);
            default -> null;
        };
    }

    private <T> T read(Database.Work<T> work) throws IOException {
        try {
            return database.read(work);
        } catch (SQLException e) {
            throw new IOException("the export ends in the middle, because the database cannot be read", e);
        }
    }

    private static final String NEXT = """
            SELECT d.rollout, d.minute, d.chance, d.observation
              FROM evaluator.disagreement d
             WHERE d.tenant = ? AND d.workload = ? AND d.minute >= ? AND d.minute < ?
               AND (d.minute, d.rollout, d.chance) > (?, ?, ?)
               AND EXISTS (SELECT 1 FROM evaluator.judgement j
                            WHERE j.tenant = d.tenant AND j.rollout = d.rollout AND j.minute = d.minute
                              AND j.chance = d.chance AND j.verdict IS NOT NULL)
             ORDER BY d.minute, d.rollout, d.chance
             LIMIT ?""";
}
