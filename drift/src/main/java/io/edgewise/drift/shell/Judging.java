// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.contracts.Ulid;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.drift.DriftJudge;
import io.edgewise.drift.DriftJudge.Observed;
import io.edgewise.drift.DriftJudge.Span;
import io.edgewise.drift.DriftJudge.Step;
import io.edgewise.drift.Features;
import io.edgewise.drift.Finding;
import io.edgewise.drift.Retraining.Due;
import io.edgewise.drift.Score;
import io.edgewise.drift.Severity;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Judges the windows of one rollout in one transaction: each closed minute once, the open ones provisionally.
final class Judging {
    private static final Logger LOG = LoggerFactory.getLogger(Judging.class);
    private static final long LOOK_BACK_MINUTES = 60;
    private static final int MOST_WINDOWS_AT_ONCE = 60;

    private final DriftSettings settings;
    private final DriftJudge judge;
    private final RandomGenerator random;
    private final Sql sql;
    private final Watched rollout;
    private final Instant now;
    private final List<Reference> references;
    private final Map<Integer, String> names;
    private final ScoreRows scores;
    private final FindingRows findings;
    private final Events events;
    private final Map<Reference.Key, Finding> open = new HashMap<>();
    private final Map<Reference.Key, Severity> last = new HashMap<>();

    Judging(
            DriftSettings settings,
            RandomGenerator random,
            Sql sql,
            Watched rollout,
            Instant now,
            List<Reference> references)
            throws SQLException {
        this.settings = settings;
        this.judge = new DriftJudge(settings.policy());
        this.random = random;
        this.sql = sql;
        this.rollout = rollout;
        this.now = now;
        this.references = references;
        this.names = CategoryNames.of(sql, rollout);
        OffsetDateTime at = now.atOffset(ZoneOffset.UTC);
        this.scores = new ScoreRows(sql, rollout, at);
        this.findings = new FindingRows(sql, rollout, at);
        this.events = new Events(sql, now, random, settings.endpoints());
    }

    void closed() throws SQLException {
        Windows windows = new Windows(sql);
        List<Long> minutes = windows.closedAndNotJudged(rollout, MOST_WINDOWS_AT_ONCE);
        if (minutes.isEmpty()) {
            return;
        }
        open.putAll(findings.open());
        last.putAll(scores.last(minutes.getFirst() - 2L * settings.longestWindow()));
        List<String> slices =
                references.stream().map(Reference::slice).distinct().toList();
        Map<Long, Map<String, Tally>> tallies = windows.bySlice(rollout, minutes.getFirst(), minutes.getLast(), slices);
        Pending pending = Pending.load(sql, rollout, settings.longestWindow());
        for (long minute : minutes) {
            closed(minute, tallies.getOrDefault(minute, Map.of()), pending);
        }
        pending.save();
    }

    private void closed(long minute, Map<String, Tally> slices, Pending pending) throws SQLException {
        List<Observed> look = new ArrayList<>();
        Map<Reference.Key, Span> spans = new HashMap<>();
        Map<Reference.Key, String> ids = new HashMap<>();
        for (Reference reference : references) {
            Tally tally = slices.get(reference.slice());
            if (tally == null) {
                continue;
            }
            Pending.Window window = pending.add(reference, minute, tally);
            if (window.cells().total() >= settings.policy().minimumWindow()) {
                pending.judged(reference);
                look.add(new Observed(reference.slice(), reference.baseline(), window.cells(), names));
                spans.put(reference.key(), window.span());
                ids.put(reference.key(), reference.id());
            }
        }
        List<Score> judged = judge.scores(look);
        scores.judged(minute, judged.size());
        boolean acting = false;
        for (Score score : judged) {
            Reference.Key key = new Reference.Key(score.slice(), score.feature());
            Span span = spans.getOrDefault(key, new Span(minute, minute));
            String id = ids.getOrDefault(key, "");
            scores.write(span, score, id, false);
            acting |= find(key, score, span, id);
        }
        unseen(minute, spans.keySet());
        retrain(acting);
    }

    /// Ends findings of which nothing has been seen for long.
    private void unseen(long minute, Set<Reference.Key> seen) throws SQLException {
        long silent = settings.silentAfter().toMinutes();
        for (Map.Entry<Reference.Key, Finding> each : Map.copyOf(open).entrySet()) {
            Finding finding = each.getValue();
            if (seen.contains(each.getKey()) || minute - finding.lastMinute() < silent) {
                continue;
            }
            long traffic = new Windows(sql).judgedAfter(rollout, finding.lastMinute());
            if (DriftJudge.unseen(finding, traffic, silent, minute) instanceof Step.Close close) {
                findings.close(close);
                events.finding(rollout, close, findings.baseline(finding));
                open.remove(each.getKey());
                LOG.info(
                        "Rollout {}: too little was seen of {} in {} for {} minutes with traffic; its finding ends.",
                        rollout.rollout(),
                        finding.feature(),
                        finding.slice(),
                        traffic);
            }
        }
    }

    /// Returns whether a finding began to call for action.
    private boolean find(Reference.Key key, Score score, Span span, String baseline) throws SQLException {
        Severity before = last.getOrDefault(key, Severity.NONE);
        Step step = judge.step(Optional.ofNullable(open.get(key)), before, score, span, Ulid.of(now, random));
        last.put(key, score.severity());
        findings.apply(step, score, span, baseline);
        events.finding(rollout, step, baseline);
        switch (step) {
            case Step.Open opening -> {
                open.put(key, opening.finding());
                LOG.warn("Rollout {}: {}", rollout.rollout(), opening.finding().sentence());
            }
            case Step.Close close -> {
                open.remove(key);
                LOG.info(
                        "Rollout {}: {} is back where its baseline is.",
                        rollout.rollout(),
                        close.finding().feature());
            }
            case Step.Update update -> open.put(key, update.finding());
            case Step.Nothing nothing -> LOG.trace("{} is calm.", score.feature());
        }
        return settings.retraining().byDrift(step, acting()).isPresent();
    }

    private List<Finding> acting() {
        return open.values().stream()
                .filter(finding -> finding.severity() == Severity.ACT)
                .toList();
    }

    /// One trigger at a time; a finding that began too soon after it is told later, while it is open.
    private void retrain(boolean begins) throws SQLException {
        List<Finding> acting = acting();
        if (acting.isEmpty()) {
            return;
        }
        RetrainingRows retraining = new RetrainingRows(sql, now, random, events);
        String build = retraining.build(rollout);
        if (retraining.triggered(rollout, build, "drift", settings.again())) {
            return;
        }
        boolean owed = begins;
        for (Finding finding : acting) {
            owed = owed || !retraining.told(rollout, finding);
        }
        if (owed) {
            retraining.byDrift(rollout, build, new Due.ByDrift(acting));
        }
    }

    /// The last two minutes, all slices together, while the newest is still open.
    void provisional(long nowMinute) throws SQLException {
        Windows windows = new Windows(sql);
        OptionalLong newest = windows.newestOpen(rollout, nowMinute - LOOK_BACK_MINUTES);
        if (newest.isEmpty()) {
            return;
        }
        Span span = new Span(newest.getAsLong() - 1, newest.getAsLong());
        Tally both = new Tally();
        windows.bySlice(rollout, span.firstMinute(), span.lastMinute(), List.of(Windows.ALL))
                .values()
                .forEach(slices -> slices.values().forEach(both::merge));
        Map<String, Reference> whole = new HashMap<>();
        List<Observed> look = new ArrayList<>();
        for (Reference reference : references) {
            if (reference.slice().equals(Windows.ALL)) {
                whole.put(reference.baseline().feature(), reference);
                look.add(new Observed(
                        Windows.ALL,
                        reference.baseline(),
                        Features.cells(both.read(reference.baseline().measure())),
                        names));
            }
        }
        for (Score score : judge.scores(look)) {
            Reference reference = whole.get(score.feature());
            if (reference != null) {
                scores.write(span, score, reference.id(), true);
            }
        }
    }
}
