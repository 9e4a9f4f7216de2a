// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.planning;

import io.edgewise.statistics.calibration.BinEvidence;
import io.edgewise.statistics.calibration.OneLook;
import io.edgewise.statistics.calibration.Reliability;
import io.edgewise.statistics.planning.SimulatedDelay.Runs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.BinomialDistribution;

/// Delay of a calibration verdict, in labels, one of each device: BREACH by the detector of [BinEvidence],
/// SAFE by [OneLook]. All labels declare confidence 0.85 and are too sure by a gap (a negative one: too
/// unsure).
final class CalibrationDelay {
    private static final int BIN = Reliability.bin(Guardrail.CONFIDENCE);

    /// Good evidence blocks before a regression.
    private static final int GOOD_BLOCKS = 2;

    /// Planned labels beyond which nobody waits.
    private static final int MOST_LABELS = 1 << 20;

    /// What lies further from the mean, in standard deviations, does not move a power.
    private static final int FAR = 6;

    private final double limit;
    private final double right;
    private final double rightBefore;
    private final Law law;

    CalibrationDelay(Guardrail guardrail, double truth) {
        limit = guardrail.limit();
        right = Guardrail.CONFIDENCE - truth;
        rightBefore = Guardrail.CONFIDENCE - guardrail.good();
        law = guardrail.law(truth);
    }

    /// Labels from a change that comes as a block opens, after good blocks, looked at after every one.
    List<Delay> breach(double[] logThresholds, int perBlock, Runs runs) {
        Stakes stakes = new Stakes(new BinEvidence(limit), perBlock);
        double[] thresholds = Arrays.stream(logThresholds).map(StrictMath::exp).toArray();
        long[][] delays = new long[thresholds.length][runs.count()];
        SplittableRandom random = new SplittableRandom(runs.seed());
        for (int run = 0; run < runs.count(); run++) {
            stakes.reset();
            for (int i = 0; i < GOOD_BLOCKS * perBlock; i++) {
                stakes.observe(random.nextDouble() < rightBefore);
            }
            int reached = 0;
            for (long n = 1; n <= runs.most() && reached < thresholds.length; n++) {
                double value = stakes.observe(random.nextDouble() < right);
                while (reached < thresholds.length && value >= thresholds[reached]) {
                    delays[reached++][run] = n;
                }
            }
            for (int i = reached; i < thresholds.length; i++) {
                delays[i][run] = runs.most() + 1;
            }
        }
        List<Delay> found = new ArrayList<>();
        for (long[] sorted : delays) {
            Arrays.sort(sorted);
            found.add(new Delay(at(sorted, 0.5, runs.most()), at(sorted, 0.9, runs.most())));
        }
        return found;
    }

    private static OptionalLong at(long[] sorted, double share, long most) {
        long delay = sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
        return delay > most ? OptionalLong.empty() : OptionalLong.of(delay);
    }

    Delay expectedBreach(double logThreshold, int perBlock) {
        BinEvidence evidence = new BinEvidence(limit);
        double[][] gains = {evidence.growth(labels(1, 1)), evidence.growth(labels(1, 0))};
        return ExpectedDelay.ofDetector(gains, evidence.weights(), law, logThreshold, perBlock);
    }

    /// Labels that a first look must be planned at so that half of such looks, or nine of ten, are SAFE; from
    /// the binomial law of the correct answers, not drawn.
    Delay safe(double alpha) {
        return new Delay(plannedFor(alpha, 0.5), plannedFor(alpha, 0.9));
    }

    /// The same by [OneLook#labelsFor].
    Delay expectedSafe(double alpha) {
        OneLook look = OneLook.first(limit, alpha);
        long many = OneLook.DEFAULT_LABELS;
        Reliability shape = labels(many, Math.round(right * many));
        double gap = Math.abs(Guardrail.CONFIDENCE - right);
        return new Delay(look.labelsFor(shape, gap, 0.5), look.labelsFor(shape, gap, 0.9));
    }

    private OptionalLong plannedFor(double alpha, double power) {
        int enough = 1;
        while (power(alpha, enough) < power) {
            if (enough >= MOST_LABELS) {
                return OptionalLong.empty();
            }
            enough *= 2;
        }
        int tooFew = enough / 2;
        while (enough - tooFew > 1) {
            int middle = tooFew + (enough - tooFew) / 2;
            if (power(alpha, middle) < power) {
                tooFew = middle;
            } else {
                enough = middle;
            }
        }
        return OptionalLong.of(enough);
    }

    /// The critical value depends on the confidences only, so one look tells it for every number of right answers.
    private double power(double alpha, int n) {
        double critical = new OneLook(n, limit, alpha, 1)
                .at(labels(n, Math.round(right * n)))
                .critical();
        BinomialDistribution law = new BinomialDistribution(null, n, right);
        double far = FAR * StrictMath.sqrt(n * right * (1 - right)) + 1;
        int last = (int) Math.min(n, StrictMath.ceil(n * right + far));
        double power = 0;
        for (int k = (int) Math.max(0, n * right - far); k <= last; k++) {
            boolean safe = Math.abs(n * Guardrail.CONFIDENCE - k) / n <= critical;
            power += safe ? law.probability(k) : 0;
        }
        return power;
    }

    private static Reliability labels(long n, long correct) {
        long[] counts = new long[Reliability.BINS];
        long[] rights = new long[Reliability.BINS];
        double[] sums = new double[Reliability.BINS];
        counts[BIN] = n;
        rights[BIN] = correct;
        sums[BIN] = n * Guardrail.CONFIDENCE;
        return new Reliability(counts, rights, sums);
    }

    /// The detector on plain numbers: exact enough for delays, and fast; verdicts are never made this way.
    private static final class Stakes {
        private final double[] weights;

        /// What each bet is multiplied by in a block of n labels, k of them right.
        private final double[][][] factors;

        private final double[] held;
        private int n;
        private int k;

        Stakes(BinEvidence evidence, int perBlock) {
            weights = evidence.weights();
            held = new double[weights.length];
            factors = new double[perBlock + 1][][];
            for (int labels = 0; labels <= perBlock; labels++) {
                factors[labels] = new double[labels + 1][];
                for (int correct = 0; correct <= labels; correct++) {
                    factors[labels][correct] = Arrays.stream(evidence.growth(labels(labels, correct)))
                            .map(StrictMath::exp)
                            .toArray();
                }
            }
        }

        void reset() {
            Arrays.fill(held, 0);
            n = 0;
            k = 0;
        }

        /// The value as if the block were closed after this label; a full block is.
        double observe(boolean correct) {
            n++;
            k += correct ? 1 : 0;
            double[] factor = factors[n][k];
            double value = 0;
            for (int i = 0; i < held.length; i++) {
                value += weights[i] * (held[i] + 1) * factor[i];
            }
            if (n == factors.length - 1) {
                for (int i = 0; i < held.length; i++) {
                    held[i] = (held[i] + 1) * factor[i];
                }
                n = 0;
                k = 0;
            }
            return value;
        }
    }
}
