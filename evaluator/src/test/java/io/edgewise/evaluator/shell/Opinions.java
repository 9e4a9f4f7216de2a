// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.tally.Tally;
import io.edgewise.contracts.v1.Cohort;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.FeedbackContext;
import io.edgewise.contracts.v1.Thumb;
import io.edgewise.evaluator.Samples;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// What users of a few devices say of answers in shadow and in a canary's third stage, and what it must add up to:
/// reckoned from what was drawn, not from the messages.
final class Opinions {
    private static final Stratum CANARY = new Stratum(2, Cohort.COHORT_CANARY, 2_500, false, Stratum.ALL);
    private static final List<String> CHECKED =
            List.of(Measures.THUMBS, Measures.SCORES, Measures.TRUTH, Measures.WINS, Measures.CALIBRATION);
    private static final int THREE_QUARTERS_BIN = 11;

    private enum Kind {
        UP,
        DOWN,
        SCORE,
        CHALLENGER_RIGHT,
        CHAMPION_RIGHT
    }

    /// What one user said.
    private record Drawn(String device, boolean isCanary, Kind kind, int minutesAgo) {}

    private final SplittableRandom random;
    private final long nowMs;
    private final List<Feedback> log = new ArrayList<>();
    private final List<Drawn> counted = new ArrayList<>();
    private final Map<String, Long> lastSeq = new HashMap<>();
    private long duplicates;

    Opinions(SplittableRandom random, long nowMs) {
        this.random = random;
        this.nowMs = nowMs;
    }

    long records() {
        return counted.size();
    }

    long duplicates() {
        return duplicates;
    }

    List<Feedback> round(int count, int devices) {
        List<Feedback> sending = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Drawn drawn = new Drawn(
                    "device-" + random.nextInt(devices),
                    random.nextBoolean(),
                    Kind.values()[random.nextInt(Kind.values().length)],
                    random.nextInt(4));
            counted.add(drawn);
            sending.add(feedback(drawn));
        }
        log.addAll(sending);
        for (int i = count / 5; i > 0; i--) {
            sending.add(log.get(random.nextInt(log.size())));
            duplicates++;
        }
        return sending;
    }

    private long minute(Drawn drawn) {
        return nowMs / 60_000 - drawn.minutesAgo();
    }

    private Feedback feedback(Drawn drawn) {
        FeedbackContext.Builder context = Samples.context(drawn.device(), minute(drawn), "balance", 0.75, "transfer");
        if (drawn.isCanary()) {
            context.setStage(CANARY.stage()).setCohort(CANARY.cohort()).setPairingRateBp(CANARY.pairingRateBp());
        }
        long seq = lastSeq.merge(drawn.device(), 1L, Long::sum);
        Feedback.Builder said = Samples.truth(context.build(), seq, nowMs, "balance");
        switch (drawn.kind()) {
            case UP -> said.setThumb(Thumb.THUMB_UP);
            case DOWN -> said.setThumb(Thumb.THUMB_DOWN);
            case SCORE -> said.setScore(0.25);
            case CHALLENGER_RIGHT -> said.setTruthLabel("balance");
            case CHAMPION_RIGHT -> said.setTruthLabel("transfer");
        }
        return said.build();
    }

    void check(Ground ground) throws SQLException {
        check(ground, Ledger.SHADOW, false);
        check(ground, CANARY, true);
    }

    private void check(Ground ground, Stratum stratum, boolean isCanary) throws SQLException {
        Map<String, Long> evidence = new TreeMap<>();
        Map<Long, Map<String, Long>> windows = new TreeMap<>();
        for (Drawn drawn : counted) {
            if (drawn.isCanary() == isCanary) {
                add(drawn, evidence);
                add(drawn, windows.computeIfAbsent(minute(drawn), fresh -> new TreeMap<>()));
            }
        }
        assertThat(flat(ground.evidence(stratum))).isEqualTo(evidence);
        Map<Long, Map<String, Long>> stored = new TreeMap<>();
        ground.windows(stratum.stage(), stratum.cohort(), Stratum.ALL)
                .forEach((minute, tally) -> stored.put(minute, flat(tally)));
        stored.values().removeIf(Map::isEmpty);
        assertThat(stored).isEqualTo(windows);
    }

    private static void add(Drawn drawn, Map<String, Long> sums) {
        switch (drawn.kind()) {
            case UP -> sum(sums, Measures.THUMBS + "/0", 1);
            case DOWN -> sum(sums, Measures.THUMBS + "/1", 1);
            case SCORE -> {
                sum(sums, Measures.SCORES + "/0", 250_000);
                sum(sums, Measures.SCORES + "/1", 1);
            }
            case CHALLENGER_RIGHT -> {
                sum(sums, Measures.TRUTH + "/5", 1);
                sum(sums, Measures.WINS + "/0", 1);
                sum(sums, Measures.CALIBRATION + '/' + (4 * THREE_QUARTERS_BIN + 1), 1);
                truth(sums);
            }
            case CHAMPION_RIGHT -> {
                sum(sums, Measures.TRUTH + "/3", 1);
                sum(sums, Measures.WINS + "/1", 1);
                truth(sums);
            }
        }
    }

    private static void truth(Map<String, Long> sums) {
        sum(sums, Measures.TRUTH + "/2", 1);
        sum(sums, Measures.TRUTH + "/4", 1);
        sum(sums, Measures.CALIBRATION + '/' + 4 * THREE_QUARTERS_BIN, 1);
        sum(sums, Measures.CALIBRATION + '/' + (4 * THREE_QUARTERS_BIN + 2), 750_000_000);
    }

    private static void sum(Map<String, Long> sums, String name, long amount) {
        sums.merge(name, amount, Long::sum);
    }

    private static Map<String, Long> flat(Tally tally) {
        return Ledger.flat(tally, CHECKED);
    }
}
