// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Names;
import io.edgewise.evaluator.judge.Disagreement;
import io.edgewise.evaluator.judge.DisagreementKey;
import io.edgewise.evaluator.judge.Verdict;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.DisagreementView;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.LabelView;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.Page;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.VerdictBody;
import io.edgewise.evaluator.shell.judge.DisagreementBodies.VerdictView;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.runtime.jdbc.Sql;
import io.edgewise.runtime.rest.Problem;
import io.edgewise.runtime.rest.RequestBody;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Disagreements for people: to look at, and to judge. Each call is one transaction, within one tenant.
@ApplicationScoped
public class DisagreementDesk {
    static final int MOST = 200;

    private static final Duration USUAL = Duration.ofDays(1);
    private static final int LONGEST = 128;
    private static final int LONGEST_LABEL = 256;

    private final Database database;
    private final DeviceSecrets secrets;
    private final String tenant;
    private final InstantSource clock;
    private final RandomGenerator random = new SecureRandom();

    @Inject
    public DisagreementDesk(Database database, DeviceSecrets secrets, JudgeConfig config, InstantSource clock) {
        this.database = database;
        this.secrets = secrets;
        this.tenant = Names.require("edgewise.judge.tenant", config.tenant());
        this.clock = clock;
    }

    /// What a list is asked for. Without bounds: the last day.
    public record Asked(
            @Nullable String workload,
            @Nullable String rollout,
            @Nullable String from,
            @Nullable String to,
            @Nullable String judged,
            @Nullable Integer limit,
            @Nullable String after) {}

    /// Newest minute first, and within it by lot. Those that people have judged, and what the judge said, only with
    /// `judged=all`: whoever knows a verdict does not give one of their own.
    public Page list(Asked asked) {
        boolean isAll = "all".equals(asked.judged());
        if (asked.judged() != null && !isAll && !asked.judged().equals("no")) {
            throw Problem.invalid("the list", "\"judged\" is " + asked.judged() + "; write no or all");
        }
        int limit = asked.limit() == null ? MOST / 4 : asked.limit();
        if (limit < 1 || limit > MOST) {
            throw Problem.invalid("the list", "\"limit\" must lie in 1 to " + MOST + ", not " + limit);
        }
        Instant now = clock.instant();
        long from = asked.from() == null ? Minutes.of(now.minus(USUAL)) : Minutes.parse("from", asked.from());
        long to = asked.to() == null ? Minutes.of(now) + 1 : Minutes.parse("to", asked.to());
        DisagreementKey after = asked.after() == null
                ? new DisagreementKey("", Long.MAX_VALUE, Long.MIN_VALUE)
                : DisagreementKey.of(asked.after()).orElseThrow(() -> missing(String.valueOf(asked.after())));
        return transact(sql -> {
            List<Disagreement> found = sql.list(
                    LIST,
                    Candidates::disagreement,
                    tenant,
                    from,
                    to,
                    text(asked.workload()),
                    text(asked.workload()),
                    text(asked.rollout()),
                    text(asked.rollout()),
                    isAll,
                    after.minute(),
                    after.minute(),
                    after.rollout(),
                    after.chance(),
                    limit);
            List<DisagreementView> views = new ArrayList<>();
            for (Disagreement each : found) {
                views.add(Views.disagreement(each, isAll ? labels(sql, each.key()) : null));
            }
            return new Page(
                    views, found.size() < limit ? null : found.getLast().key().id());
        });
    }

    /// The same verdict of the same person again changes nothing; another one is a conflict.
    public VerdictView judge(String id, String body) {
        VerdictBody asked = RequestBody.read("the verdict", body, VerdictBody.class);
        String who = line("who", asked.who(), LONGEST);
        DisagreementKey key = DisagreementKey.of(id).orElseThrow(() -> missing(id));
        return transact(sql -> {
            Disagreement disagreement = find(sql, key, id);
            String truth = asked.truth() == null ? null : line("truth", asked.truth(), LONGEST_LABEL);
            Verdict verdict = verdict(disagreement, asked.verdict(), truth);
            Judged judged = new Judged(
                    disagreement, Judged.BY_PEOPLE, verdict, "", Judged.Orders.NONE, who, "", truth, Judged.Cost.NONE);
            Judgements.Stored stored = new Judgements(sql, secrets, random).store(judged, clock.instant());
            return switch (stored) {
                case COUNTED, KEPT -> new VerdictView(id, verdict.word(), who, stored == Judgements.Stored.COUNTED);
                case THERE_ALREADY -> again(sql, key, new VerdictView(id, verdict.word(), who, false));
            };
        });
    }

    private VerdictView again(Sql sql, DisagreementKey key, VerdictView wanted) throws SQLException {
        VerdictView there = sql.first(
                        """
                        SELECT verdict, judge, seq IS NOT NULL FROM evaluator.judgement
                         WHERE tenant = ? AND rollout = ? AND minute = ? AND chance = ? AND source = 'people'""",
                        row -> new VerdictView(wanted.id(), row.getString(1), row.getString(2), row.getBoolean(3)),
                        tenant,
                        key.rollout(),
                        key.minute(),
                        key.chance())
                .orElseThrow();
        if (!there.who().equals(wanted.who()) || !there.verdict().equals(wanted.verdict())) {
            throw Problem.conflict(
                    "a person's verdict on " + wanted.id() + " is there already",
                    there.who() + " said " + there.verdict() + "; a verdict is not changed, since it may have counted");
        }
        return there;
    }

    private Disagreement find(Sql sql, DisagreementKey key, String id) throws SQLException {
        return sql.list("""
                        SELECT rollout, minute, chance, observation FROM evaluator.disagreement
                         WHERE tenant = ? AND rollout = ? AND minute = ? AND chance = ?
                         LIMIT 1""", Candidates::disagreement, tenant, key.rollout(), key.minute(), key.chance()).stream()
                .findFirst()
                .orElseThrow(() -> missing(id));
    }

    private static Verdict verdict(Disagreement disagreement, @Nullable String word, @Nullable String truth) {
        if ((word == null) == (truth == null)) {
            throw Problem.invalid("the verdict", "it needs either \"verdict\" or \"truth\"");
        }
        if (word != null) {
            return Verdict.of(word)
                    .orElseThrow(() -> Problem.invalid(
                            "the verdict",
                            "\"verdict\" is " + word + "; write challenger, champion, tie or both-wrong"));
        }
        return disagreement
                .by(String.valueOf(truth))
                .orElseThrow(() -> Problem.invalid(
                        "the verdict",
                        "its answers are no labels, so that \"truth\" decides nothing; send \"verdict\""));
    }

    private List<LabelView> labels(Sql sql, DisagreementKey key) throws SQLException {
        return sql.list("""
                SELECT source, judge, verdict, truth, reason, prompt, judged_at FROM evaluator.judgement
                 WHERE tenant = ? AND rollout = ? AND minute = ? AND chance = ?
                 ORDER BY source DESC""", Views::label, tenant, key.rollout(), key.minute(), key.chance());
    }

    private static String line(String field, @Nullable String value, int longest) {
        if (value == null
                || value.isBlank()
                || value.length() > longest
                || value.chars().anyMatch(c -> c < ' ')) {
            throw Problem.invalid(
                    "the verdict", "\"" + field + "\" must be 1 to " + longest + " characters on one line");
        }
        return value;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    private static Problem missing(String id) {
        return Problem.missing(
                "disagreement \"" + id + "\"",
                "GET /api/v1/disagreements lists those whose minute is closed and that are still kept");
    }

    private <T> T transact(Database.Work<T> work) {
        try {
            return database.transact(work);
        } catch (SQLException e) {
            throw Problem.unavailable(String.valueOf(e.getMessage()));
        }
    }

    private static final String LIST = """
            SELECT d.rollout, d.minute, d.chance, d.observation
              FROM evaluator.disagreement d
             WHERE d.tenant = ? AND d.minute >= ? AND d.minute < ?
               AND (? = '' OR d.workload = ?) AND (? = '' OR d.rollout = ?)
               AND (? OR NOT EXISTS (SELECT 1 FROM evaluator.judgement j
                                      WHERE j.tenant = d.tenant AND j.rollout = d.rollout AND j.minute = d.minute
                                        AND j.chance = d.chance AND j.source = 'people'))
               AND (d.minute < ? OR d.minute = ? AND (d.rollout, d.chance) > (?, ?))
             ORDER BY d.minute DESC, d.rollout, d.chance
             LIMIT ?""";
}
