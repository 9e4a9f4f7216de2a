// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import io.edgewise.statistics.sequential.Detector;
import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import io.edgewise.statistics.sequential.Side;
import io.edgewise.statistics.sequential.Values;
import java.util.ArrayList;
import java.util.List;

/// Evidence, valid at any time, that calibration is off by more than a margin, from bin sums.
///
/// E-processes over confidence - correct. Their hypotheses differ; name the one that was tested:
/// - [#start] and [#growth], the gate of roll-back: "the ECE is at most the margin", by a [Detector] over
///   blocks of labels, so that a model that turns bad late is found as soon as a fresh one. For any signs
///   s_b the mean of s_b (confidence - correct) is at most the ECE; the bets are mixtures over λ and over
///   31 patterns of signs: the same in all bins, one change along the confidence, and any signs mixed anew
///   per block (product over bins of the mean of both stakes; pays ln 2 per bin and block).
/// - [#logEceE]: the same hypothesis on totals, by all 2^15 patterns, averaged: per λ the product over
///   bins of the mean of the two one-sided stakes. For comparison: after 4,000 good labels a gap of 10
///   points takes it eight times as long as a fresh start, since the bets lost before must be won back.
///   Gaps whose sign changes from bin to bin are seen here only, if blocks are small; asked beside the
///   detector at the same threshold A it adds 1/A to the false alarms, T/A + 1/A in all.
/// - [#logE]: "no bin's gap exceeds the margin", on totals. Per bin the mean of the two one-sided
///   [MeanTest]s against ± margin; then the plain mean over all 15 bins, empty ones (evidence 1)
///   included. It may find one bad bin of small weight although the ECE is small; the other two do not.
///
/// Labels must be independent. Labels of one device resemble each other, so for the fleet give the FIRST
/// label of each device. With 50 devices, 2,000 labels and a correlation inside a device of 0.02 / 0.05 /
/// 0.10, a detector of all labels alarms twice to fourteen times as often as one of first labels; what is
/// shown is then about the labels given only, and needs 30 devices at least.
///
/// Bin sums do not tell each answer's confidence: ln(1 + λ(c - y - margin)) is concave in c, so its chord
/// over the bin, with the sum shared out between right and wrong answers in the worst way, is a lower
/// bound of every stake: never more evidence than from single answers, at least 60 % of it in tests. Bets
/// are weighted for [Purpose#BREACH].
public final class BinEvidence {
    private final double margin;
    private final List<Bet> tooSure = new ArrayList<>();
    private final List<Bet> tooUnsure = new ArrayList<>();
    private final List<Bet> allTooSure = new ArrayList<>();
    private final List<Bet> allTooUnsure = new ArrayList<>();

    /// @param margin the largest gap that is no finding (0.05)
    public BinEvidence(double margin) {
        if (!(margin >= 0 && margin < 1)) {
            throw new IllegalArgumentException(
                    "BinEvidence: margin " + margin + " must lie in [0, 1); 5 points are 0.05.");
        }
        this.margin = margin;
        MeanTest sure = new MeanTest(Purpose.BREACH, Side.ABOVE, margin, -1, 1);
        MeanTest unsure = new MeanTest(Purpose.BREACH, Side.BELOW, -margin, -1, 1);
        for (int bin = 0; bin < Reliability.BINS; bin++) {
            double low = (double) bin / Reliability.BINS;
            double high = (double) (bin + 1) / Reliability.BINS;
            tooSure.add(Bet.of(new MeanTest(Purpose.BREACH, Side.ABOVE, margin, low - 1, high), low, high));
            tooUnsure.add(Bet.of(new MeanTest(Purpose.BREACH, Side.BELOW, -margin, low - 1, high), low, high));
            allTooSure.add(Bet.of(sure, low, high));
            allTooUnsure.add(Bet.of(unsure, low, high));
        }
    }

    public double margin() {
        return margin;
    }

    /// ln of the evidence of each bin against "|gap| at most the margin"; 0 for a bin without answers.
    public double[] logEByBin(Reliability counts) {
        CalibrationBins bins = counts.bins();
        long[] n = bins.n();
        long[] correct = bins.correct();
        double[] sums = bins.confidenceSum();
        double[] logE = new double[Reliability.BINS];
        for (int bin = 0; bin < logE.length; bin++) {
            logE[bin] = n[bin] == 0
                    ? 0
                    : SignPatterns.logMean(
                            tooSure.get(bin).logE(n[bin], correct[bin], sums[bin]),
                            tooUnsure.get(bin).logE(n[bin], correct[bin], sums[bin]));
        }
        return logE;
    }

    /// ln of the evidence against "no bin's gap exceeds the margin".
    public double logE(Reliability counts) {
        double[] logE = logEByBin(counts);
        double largest = Double.NEGATIVE_INFINITY;
        for (double one : logE) {
            largest = Math.max(largest, one);
        }
        double sum = 0;
        for (double one : logE) {
            sum += StrictMath.exp(one - largest);
        }
        return largest + StrictMath.log(sum / logE.length);
    }

    /// ln of the evidence against "the ECE is at most the margin", on all answers together. Not for
    /// roll-back: use [#start].
    public double logEceE(Reliability counts) {
        double[][][] gained = gained(counts);
        return allTooSure.getFirst().test().logE(SignPatterns.anew(gained[0], gained[1]));
    }

    /// The detector against "the ECE is at most the margin", before any block: [Detector#next] and
    /// [Detector#peek] take [#growth]; A = T/alpha for T blocks.
    public Detector start() {
        return Detector.start(weights());
    }

    /// The state that was kept of a detector that [#start] had begun.
    public Detector resume(double[] logM) {
        return Detector.resume(weights(), logM);
    }

    /// What each bet's logarithm gains by a block of labels, of the whole block so far: growth of two parts
    /// does not add up to that of the whole. Zeros for a block without labels.
    public double[] growth(Reliability blockIncrement) {
        double[][][] gained = gained(blockIncrement);
        return SignPatterns.growth(gained[0], gained[1]);
    }

    /// How the first stake of 1 is divided among the bets of [#growth].
    public double[] weights() {
        return SignPatterns.weights(allTooSure.getFirst().test().weights());
    }

    /// Per bin what each λ gains: by "too sure", by "too unsure".
    private double[][][] gained(Reliability counts) {
        CalibrationBins bins = counts.bins();
        long[] n = bins.n();
        long[] correct = bins.correct();
        double[] sums = bins.confidenceSum();
        int bets = allTooSure.getFirst().test().bets().length;
        double[][] sure = SignPatterns.nothing(bets);
        double[][] unsure = SignPatterns.nothing(bets);
        for (int bin = 0; bin < Reliability.BINS; bin++) {
            if (n[bin] > 0) {
                sure[bin] = allTooSure.get(bin).growth(n[bin], correct[bin], sums[bin]);
                unsure[bin] = allTooUnsure.get(bin).growth(n[bin], correct[bin], sums[bin]);
            }
        }
        return new double[][][] {sure, unsure};
    }

    /// One test on one bin: what each λ's logarithm gains by a right or wrong answer at either bound.
    @SuppressWarnings("ArrayRecordComponent") // made and used within
    private record Bet(MeanTest test, double[][] gains, double low, double high) {
        static Bet of(MeanTest test, double low, double high) {
            double[][] gains = {
                gain(test, low - 1), gain(test, high - 1), gain(test, low), gain(test, high),
            };
            return new Bet(test, gains, low, high);
        }

        private static double[] gain(MeanTest test, double value) {
            return test.growth(new Values(new double[] {Math.clamp(value, test.low(), test.high())}, new long[] {1}));
        }

        double logE(long n, long right, double confidenceSum) {
            return test.logE(growth(n, right, confidenceSum));
        }

        /// The least that each λ's logarithm gained by these answers.
        double[] growth(long n, long right, double confidenceSum) {
            double atTop = Math.clamp((confidenceSum - n * low) / (high - low), 0, (double) n);
            double fewestRight = Math.max(0, atTop - (n - right));
            double mostRight = Math.min((double) right, atTop);
            double[] lowRight = gains[0];
            double[] highRight = gains[1];
            double[] lowWrong = gains[2];
            double[] highWrong = gains[3];
            double[] least = new double[lowRight.length];
            for (int bet = 0; bet < least.length; bet++) {
                double rightRise = highRight[bet] - lowRight[bet];
                double wrongRise = highWrong[bet] - lowWrong[bet];
                double rightAtTop = rightRise > wrongRise ? fewestRight : mostRight;
                least[bet] = right * lowRight[bet]
                        + (n - right) * lowWrong[bet]
                        + rightAtTop * rightRise
                        + (atTop - rightAtTop) * wrongRise;
            }
            return least;
        }
    }
}
