// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/// The live view: a block of lines for a terminal that can redraw, one line for everything else.
public final class Screen {
    /// Said wherever figures are shown.
    public static final String HONESTY =
            "simulated network, demo price card; models, utterances and statistics are real";

    private static final String CURRENCY = "USD";
    private static final int LABEL = 14;
    private static final int BAR = 24;
    private static final int DECISION_LINES = 2;
    private static final String NOT_YET = "not enough data yet";

    private Screen() {}

    /// Always the same number of lines, each at most `width` characters.
    public static List<String> block(LiveState state, int width) {
        List<String> lines = new ArrayList<>();
        lines.add("Edgewise demo · " + state.scenario().title() + ": "
                + state.scenario().promise());
        lines.add("");
        lines.add(row("stage", stage(state)));
        lines.add(row("share", share(state.rollout())));
        lines.add(row("agreement", agreement(state.rollout())));
        lines.add(row("p99 latency", "frontier " + latency(state.control()) + " · canary " + latency(state.canary())));
        lines.add(row("cost/request", "frontier " + cost(state.control()) + " · canary " + cost(state.canary())));
        lines.add(row("traffic", traffic(state)));
        lines.add(row("observations", observations(state)));
        lines.add(row("next", next(state)));
        List<String> decision = Words.wrap(decision(state.rollout()), Math.max(1, width - LABEL - 2), DECISION_LINES);
        for (int i = 0; i < DECISION_LINES; i++) {
            lines.add(row(i == 0 ? "decision" : "", i < decision.size() ? decision.get(i) : ""));
        }
        lines.add(row("note", state.note().isEmpty() ? "all parts run" : state.note()));
        lines.add("");
        lines.add(row("console", state.console()));
        lines.add(row("", HONESTY));
        return lines.stream()
                .map(line -> Words.cut(line.stripTrailing(), width))
                .toList();
    }

    /// For pipes, logs and dumb terminals.
    public static String line(LiveState state) {
        return "[%s] %s | agreement %s | p99 frontier %s, canary %s | cost frontier %s, canary %s | spool %s | recorded %s, counted %s%s"
                .formatted(
                        Words.time(state.running()),
                        stage(state),
                        agreement(state.rollout()),
                        latency(state.control()),
                        latency(state.canary()),
                        cost(state.control()),
                        cost(state.canary()),
                        Words.count(state.fleet().spooled()),
                        Words.count(state.fleet().recorded()),
                        Words.count(state.counted().counted()),
                        state.note().isEmpty() ? "" : " | " + state.note());
    }

    private static String row(String label, String value) {
        return String.format(Locale.ROOT, "  %-" + LABEL + "s%s", label, value);
    }

    private static String stage(LiveState state) {
        if (state.rollout().isEmpty()) {
            return "waiting for the first order";
        }
        RolloutState rollout = state.rollout().get();
        if (rollout.ending().isPresent()) {
            return rollout.ending().get().words() + " at " + Words.share(rollout.shareBp());
        }
        Duration inStage = Duration.between(rollout.stageSince(), state.now());
        return "%s%s for %s"
                .formatted(
                        rollout.stageName(),
                        rollout.phase().equals(RolloutState.PAUSED) ? ", paused," : "",
                        Words.time(inStage));
    }

    private static String share(Optional<RolloutState> rollout) {
        int share = rollout.map(RolloutState::shareBp).orElse(0);
        int filled = Math.clamp(Math.round((double) share * BAR / DemoPlan.FULL_SHARE_BP), share > 0 ? 1 : 0, BAR);
        return "█".repeat(filled) + "░".repeat(BAR - filled) + "  " + Words.share(share);
    }

    private static String agreement(Optional<RolloutState> rollout) {
        return rollout.flatMap(RolloutState::agreement)
                .map(interval -> "%s [%s, %s], n = %s"
                        .formatted(
                                Words.percent(interval.estimate()),
                                Words.percent(interval.low()),
                                Words.percent(interval.high()),
                                Words.count(interval.observations())))
                .orElse(NOT_YET);
    }

    private static String latency(CohortFigures cohort) {
        return known(cohort.p99Micros(), cohort).map(Words::latency).orElse(silent(cohort));
    }

    private static String cost(CohortFigures cohort) {
        return known(cohort.costNanos(), cohort)
                .map(nanos -> Words.price(nanos, CURRENCY))
                .orElse(silent(cohort));
    }

    private static Optional<Double> known(OptionalDouble figure, CohortFigures cohort) {
        return cohort.requests() > 0 && figure.isPresent() ? Optional.of(figure.getAsDouble()) : Optional.empty();
    }

    private static String silent(CohortFigures cohort) {
        return cohort.requests() == 0 ? "–" : NOT_YET;
    }

    private static String traffic(LiveState state) {
        return "%.0f requests/s, %s failed, %s waiting in spools"
                .formatted(
                        state.requestsPerSecond(),
                        Words.count(state.fleet().failed()),
                        Words.count(state.fleet().spooled()));
    }

    private static String observations(LiveState state) {
        return "%s recorded, %s counted · feedback %s recorded, %s counted"
                .formatted(
                        Words.count(state.fleet().recorded()),
                        Words.count(state.counted().counted()),
                        Words.count(state.fleet().feedback()),
                        Words.count(state.counted().feedback()));
    }

    /// What the server says it waits for; else the guardrail that still needs the most observations.
    private static String next(LiveState state) {
        String outlook = state.rollout().map(RolloutState::outlook).orElse("");
        return outlook.isBlank() || outlook.equals(decision(state.rollout())) ? needs(state) : outlook;
    }

    private static String needs(LiveState state) {
        return state.rollout().map(RolloutState::verdicts).orElse(List.of()).stream()
                .filter(verdict -> verdict.isUndecided() && verdict.needed() > 0)
                .max(Comparator.comparingLong(RolloutState.Verdict::needed))
                .map(verdict ->
                        "%s needs about %s more observations".formatted(verdict.title(), Words.count(verdict.needed())))
                .orElse("nothing to wait for");
    }

    private static String decision(Optional<RolloutState> rollout) {
        return rollout.map(RolloutState::lastDecision)
                .filter(words -> !words.isBlank())
                .orElse("none yet");
    }
}
