// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/// The live state of one rollout.
public record LivePage(
        Head head,
        List<Ladder.Step> steps,
        List<GuardrailCard.Sum> sums,
        List<GuardrailCard> guardrails,
        List<Span> spans,
        List<Chart> charts,
        List<Tables.StageLine> stages,
        List<Tables.SliceLine> slices,
        String slicesEmpty,
        List<Tables.DriftLine> drift,
        List<Tables.FindingLine> findings,
        List<Tables.DecisionLine> decisions,
        List<Account> accounts,
        List<Account.Reason> deadLetters,
        List<String> notes) {

    /// `clock` is the time in the present stage while it runs, else what the whole rollout took.
    public record Head(
            String id,
            String workload,
            String champion,
            String challenger,
            Tone tone,
            String phase,
            boolean running,
            String stage,
            String share,
            long revision,
            Clock clock,
            List<Fact> facts,
            Moment started,
            Moment updated,
            String decision,
            Moment decided,
            String decidedBy) {}

    /// How far back the charts may be asked to reach.
    public record Span(String key, String word, boolean chosen) {}

    /// A short figure and what it is called.
    public record Fact(String name, String value) {}

    public static LivePage of(RolloutData data, Instant now) {
        Rows.Rollout rollout = data.rollout();
        List<GuardrailCard> cards = GuardrailCard.of(data.verdicts());
        Period period = data.longer().period();
        Charts charts = period == Period.HOUR
                ? new Charts(rollout, data.windows())
                : new Charts(rollout, period, data.longer().hours());
        return new LivePage(
                head(data, now),
                Ladder.steps(rollout, reached(data), now),
                GuardrailCard.sums(cards),
                cards,
                Stream.of(Period.values())
                        .map(each -> new Span(each.key(), each.word(), each == period))
                        .toList(),
                List.of(
                        charts.agreement(floor(data.verdicts())),
                        charts.latency(),
                        charts.cost(),
                        charts.split(),
                        Charts.reliability(data.evidence()),
                        Charts.drift(data.scores())),
                Tables.stages(rollout, data.evidence()),
                Tables.slices(data.slices()),
                data.slicesCut()
                        ? "This rollout has too many slices to add up for a live page. Query evaluator.published_evidence"
                                + " for the slices you need."
                        : "No slice has been counted yet. Devices name them in an observation's slices.",
                Tables.drift(data.scores()),
                Tables.findings(data.findings()),
                Tables.decisions(rollout, data.decisions()),
                Account.of(data.books().accounts()),
                Account.deadLetters(data.books().counters()),
                data.notes());
    }

    private static Head head(RolloutData data, Instant now) {
        Rows.Rollout rollout = data.rollout();
        boolean running = rollout.outcome().isEmpty();
        String phase = rollout.outcome().orElse(rollout.phase());
        return new Head(
                rollout.id(),
                rollout.workload(),
                rollout.champion(),
                rollout.challenger(),
                Tone.ofPhase(phase),
                Format.words(phase),
                running,
                rollout.stageName(),
                Format.share(rollout.shareBp()),
                rollout.revision(),
                running
                        ? Clock.running(rollout.stageSince(), now)
                        : Clock.stopped(Duration.between(rollout.createdAt(), rollout.updatedAt())),
                data.standing().map(LivePage::facts).orElse(List.of()),
                Moment.of(rollout.createdAt()),
                Moment.of(rollout.updatedAt()),
                rollout.lastDecision(),
                data.decisions().isEmpty()
                        ? Moment.of(rollout.updatedAt())
                        : Moment.of(data.decisions().getFirst().at()),
                data.decisions().isEmpty() ? "" : data.decisions().getFirst().actor());
    }

    private static List<Fact> facts(Rows.Standing standing) {
        List<Fact> facts = new ArrayList<>();
        if (standing.known() > 0) {
            facts.add(new Fact("Devices", Format.count(standing.known())));
            facts.add(new Fact(
                    "Not confirmed",
                    standing.unconfirmed() == 0
                            ? "0"
                            : Format.count(standing.unconfirmed()) + ", " + Format.count(standing.awaited())
                                    + " online"));
        }
        add(facts, "Crashed", standing.crashed());
        add(facts, "Breaker opened", standing.broke());
        add(facts, "Silent", standing.silent());
        facts.add(new Fact(
                "α spent",
                Format.plain(100 * standing.alphaSpent()) + " of " + Format.plain(100 * standing.alpha()) + " %"));
        return List.copyOf(facts);
    }

    private static void add(List<Fact> facts, String name, long devices) {
        if (devices > 0) {
            facts.add(new Fact(name, Format.count(devices)));
        }
    }

    /// A roll-back may set the row's stage back; the log still knows how far it had come.
    private static int reached(RolloutData data) {
        int logged =
                data.decisions().stream().mapToInt(Rows.Decision::stage).max().orElse(0);
        return Math.max(data.rollout().stage(), logged);
    }

    private static OptionalDouble floor(List<Rows.Verdict> verdicts) {
        return verdicts.stream()
                .filter(row -> row.guardrail().contains("agreement"))
                .map(Rows.Verdict::threshold)
                .filter(OptionalDouble::isPresent)
                .findFirst()
                .orElse(OptionalDouble.empty());
    }
}
