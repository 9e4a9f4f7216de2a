// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What must have been counted, reckoned from what was drawn and with no code of the evaluator: plain additions, cells
/// and bins by their definitions, device blocks of the first twenty observations in the order of the log.
///
/// Keys are "evidence rollout stage cohort slice measure/bucket" and "window rollout minute stage cohort slice
/// measure/bucket".
final class Ledger {
    static final String ALL = "all";

    private static final int MINUTE_MS = 60_000;
    private static final int CELLS = 64;
    private static final int BINS = 15;
    private static final int GAP_CELLS = 200;
    private static final long NANO = 1_000_000_000L;
    private static final int CHAMPION = 1;
    private static final int CHALLENGER = 2;

    private static final int BLOCK = 20;
    private static final int STRIDE = 4_096;
    private static final int OFFSET = 2_048;
    /// By their places.
    private static final List<String> GUARDRAILS =
            List.of("disagree.safe", "disagree", "refusal", "error", "calibration", "wins");

    /// The records of one topic, by what became of them.
    static final class Records {
        private long counted;
        private long late;
        private long dropped;
        private long duplicates;

        long counted() {
            return counted;
        }

        void late() {
            late++;
        }

        long lateOnes() {
            return late;
        }

        void dropped(long sequences) {
            dropped += sequences;
        }

        long droppedOnes() {
            return dropped;
        }

        void duplicate() {
            duplicates++;
        }

        long duplicates() {
            return duplicates;
        }

        boolean isAll(Counted.Accounts now) {
            return now.counted() == counted
                    && now.late() == late
                    && now.dropped() == dropped
                    && now.duplicates() == duplicates
                    && now.rejected() == 0
                    && now.lost() == 0
                    && now.openGaps() == 0;
        }

        String said() {
            return counted + " counted, " + late + " late, " + dropped + " declared as dropped, " + duplicates
                    + " duplicates";
        }
    }

    private static final class Block {
        private final String place;
        private int n;
        private int k;
        private boolean isClosed;

        Block(String place) {
            this.place = place;
        }
    }

    private final Map<String, Long> sums = new HashMap<>();
    private final Map<String, Block> blocks = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private final Records observations = new Records();
    private final Records feedback = new Records();

    Records observations() {
        return observations;
    }

    Records feedback() {
        return feedback;
    }

    void counted(Drawn drawn) {
        observations.counted++;
        for (String key : keys(drawn, true)) {
            request(key, drawn);
            pair(key, drawn);
        }
        if (seen.add(place(drawn) + ' ' + drawn.device())) {
            evidence(drawn, "devices/0");
        }
        blocks(drawn);
    }

    /// `isRevisable` says that the answer's window still takes what is said of it; the evidence of now does anyway.
    void said(Drawn of, Said said, boolean isRevisable) {
        feedback.counted++;
        for (String key : keys(of, isRevisable)) {
            switch (said) {
                case Said.ThumbOf(boolean isUp) -> sum(key + "thumbs/" + (isUp ? 0 : 1), 1);
                case Said.Score(int sixtyFourths) -> {
                    sum(key + "scores/0", sixtyFourths * 1_000_000L / 64);
                    sum(key + "scores/1", 1);
                }
                case Said.Correction(String truth) -> corrected(key, of, truth);
            }
        }
        if (said instanceof Said.Correction(String truth)) {
            correctedBlocks(of, truth);
        }
    }

    private static String place(Drawn drawn) {
        return drawn.rollout() + ' ' + drawn.stage() + ' ' + (drawn.isCanary() ? 2 : 1);
    }

    private static List<String> keys(Drawn drawn, boolean inWindow) {
        String stratum = drawn.stage() + " " + (drawn.isCanary() ? 2 : 1);
        String evidence = "evidence " + drawn.rollout() + ' ' + stratum + ' ';
        String window =
                "window " + drawn.rollout() + ' ' + Math.floorDiv(drawn.eventMs(), MINUTE_MS) + ' ' + stratum + ' ';
        String slice = "device_class=" + drawn.deviceClass() + ' ';
        return inWindow
                ? List.of(evidence + ALL + ' ', evidence + slice, window + ALL + ' ', window + slice)
                : List.of(evidence + ALL + ' ', evidence + slice);
    }

    private void request(String key, Drawn drawn) {
        sum(key + "requests/0", 1);
        sum(key + "served/" + (drawn.isServedByChallenger() ? CHALLENGER : CHAMPION), 1);
        sum(key + "detours/0", drawn.isCanary() && drawn.challengerFails() ? 1 : 0);
        sum(key + "attempts/2", drawn.hasChampion() ? 1 : 0);
        sum(key + "attempts/4", drawn.hasChallenger() ? 1 : 0);
        sum(key + "attempts/5", drawn.hasChallenger() && drawn.challengerFails() ? 1 : 0);
        sum(key + "assigned/0", 1);
        sum(key + "assigned/1", drawn.isCanary() && drawn.challengerFails() ? 1 : 0);
        sum(key + "latency.user/" + cell(drawn.latencyUs()), 1);
        sum(key + "cost.user/0", drawn.nanos());
        sum(key + "cost.user/1", 1);
    }

    private void pair(String key, Drawn drawn) {
        if (!drawn.isSelected()) {
            return;
        }
        sum(key + "pairs" + (drawn.challengerFails() ? "/2" : drawn.agrees() ? "/0" : "/1"), 1);
        if (!drawn.challengerFails()) {
            bin(key + "calibration.agreement/", drawn.confidence(), drawn.agrees());
        }
    }

    private void corrected(String key, Drawn of, String truth) {
        boolean championRight = truth.equals(Drawn.CHAMPION_SAYS);
        if (of.hasChampion()) {
            sum(key + "truth/2", 1);
            sum(key + "truth/3", championRight ? 1 : 0);
        }
        if (!of.hasChallenger() || of.challengerFails()) {
            return;
        }
        boolean challengerRight = truth.equals(of.challengerLabel());
        sum(key + "truth/4", 1);
        sum(key + "truth/5", challengerRight ? 1 : 0);
        bin(key + "calibration.truth/", of.confidence(), challengerRight);
        int cell = Math.min(GAP_CELLS - 1, of.confidence() * GAP_CELLS / 512);
        sum(key + "calibration.gap/" + (2 * cell + (challengerRight ? 1 : 0)), 1);
        if (of.hasChampion() && !of.agrees()) {
            sum(key + "wins/" + (challengerRight ? 0 : championRight ? 1 : 2), 1);
        }
    }

    /// Fifteen bins of equal width, each with its upper border: how many, how many right, and the sum.
    private void bin(String key, int confidence, boolean isRight) {
        int bin = Math.max(1, (confidence * BINS + 511) / 512) - 1;
        sum(key + 4 * bin, 1);
        sum(key + (4 * bin + 1), isRight ? 1 : 0);
        sum(key + (4 * bin + 2), nanos(confidence));
    }

    private static long nanos(int confidence) {
        return confidence * (NANO / 512);
    }

    /// Every power of two is cut into 64 cells of equal width.
    private static int cell(long value) {
        int exponent = 63 - Long.numberOfLeadingZeros(value);
        return CELLS * exponent + (int) (((value - (1L << exponent)) * CELLS) >> exponent);
    }

    private void blocks(Drawn drawn) {
        if (drawn.hasChallenger()) {
            step(drawn, "error", drawn.challengerFails() ? 1 : 0);
        }
        if (!drawn.isSelected()) {
            return;
        }
        boolean apart = drawn.challengerFails() || !drawn.agrees();
        step(drawn, "disagree.safe", apart ? 1 : 0);
        if (!drawn.challengerFails()) {
            step(drawn, "disagree", apart ? 1 : 0);
            step(drawn, "refusal", 0);
        }
    }

    private void correctedBlocks(Drawn of, String truth) {
        if (!of.hasChallenger() || of.challengerFails()) {
            return;
        }
        boolean isRight = truth.equals(of.challengerLabel());
        if (step(of, "calibration", (int) ((nanos(of.confidence()) - (isRight ? NANO : 0)) / (NANO / 100)))) {
            bin("evidence " + place(of) + ' ' + ALL + " calibration.first/", of.confidence(), isRight);
        }
        if (of.hasChampion() && !of.agrees()) {
            step(of, "wins", isRight ? 2 : truth.equals(Drawn.CHAMPION_SAYS) ? 0 : 1);
        }
    }

    /// A device has one block in a rollout for each guardrail; an observation from elsewhere ends it early. True when
    /// this is its first.
    private boolean step(Drawn drawn, String guardrail, int k) {
        String key = drawn.rollout() + ' ' + drawn.device() + ' ' + guardrail;
        Block block = blocks.get(key);
        boolean isFirst = block == null;
        if (block == null) {
            block = new Block(place(drawn));
            blocks.put(key, block);
            evidence(drawn, "blocks.opened/" + GUARDRAILS.indexOf(guardrail));
        }
        if (block.isClosed) {
            return false;
        }
        boolean isElsewhere = !block.place.equals(place(drawn));
        if (!isElsewhere) {
            block.n++;
            block.k += k;
        }
        if (isElsewhere || block.n == BLOCK) {
            block.isClosed = true;
            String closed = "evidence " + block.place + ' ' + ALL + " blocks." + guardrail + '/';
            sum(closed + (block.n * STRIDE + block.k + OFFSET), 1);
        }
        return isFirst;
    }

    private void evidence(Drawn drawn, String bucket) {
        sum("evidence " + place(drawn) + ' ' + ALL + ' ' + bucket, 1);
    }

    private void sum(String key, long amount) {
        if (amount != 0) {
            sums.merge(key, amount, Long::sum);
        }
    }

    /// In order, so that the first difference is easy to see.
    Map<String, Long> expected() {
        return new TreeMap<>(sums);
    }
}
