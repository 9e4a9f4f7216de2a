// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.planning;

import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/// Delay by simulation: independent observations of a law, looked at after every one. The stakes themselves
/// are kept (not their logarithms): exact enough for delays, and fast; verdicts are never made this way.
///
/// BREACH: the truth changes when a block opens, after good blocks; a change inside a block costs at most
/// the rest of it more, ten seconds.
public final class SimulatedDelay {
    /// Good evidence blocks before a regression.
    private static final int GOOD_BLOCKS = 2;

    private final Goal goal;
    private final double[][][] factors;
    private final double[][] weights;
    private final double[] thresholds;
    private final long most;

    private SimulatedDelay(Goal goal, double[] values, double[] logThresholds, long most) {
        this.goal = goal;
        this.most = most;
        int tests = goal.tests().size();
        factors = new double[tests][values.length][];
        weights = new double[tests][];
        for (int t = 0; t < tests; t++) {
            MeanTest test = goal.tests().get(t);
            weights[t] = test.weights();
            for (int v = 0; v < values.length; v++) {
                factors[t][v] = Arrays.stream(test.gains(values[v]))
                        .map(StrictMath::exp)
                        .toArray();
            }
        }
        thresholds = Arrays.stream(logThresholds).map(StrictMath::exp).toArray();
    }

    /// @param most observations after which a run ends without verdict
    public record Runs(long seed, int count, long most) {
        public Runs {
            if (count < 1 || most < 1) {
                throw new IllegalArgumentException("SimulatedDelay: " + count + " runs of at most " + most
                        + " observations; both must be at least 1.");
            }
        }
    }

    /// @param good what was observed before a regression; only a BREACH looks at it
    public static Delay of(Goal goal, Law good, Law truth, Runs runs) {
        return of(goal, new double[] {goal.logThreshold()}, good, truth, runs).getFirst();
    }

    /// The same for several thresholds, ascending, on the same runs; the goal's own is not used.
    static List<Delay> of(Goal goal, double[] logThresholds, Law good, Law truth, Runs runs) {
        SimulatedDelay simulation = new SimulatedDelay(goal, truth.values(), logThresholds, runs.most());
        SimulatedDelay before = new SimulatedDelay(goal, good.values(), logThresholds, runs.most());
        long[][] delays = new long[logThresholds.length][runs.count()];
        SplittableRandom random = new SplittableRandom(runs.seed());
        for (int run = 0; run < runs.count(); run++) {
            double[][] stakes =
                    goal.purpose() == Purpose.BREACH ? before.warm(new Draw(good), random) : simulation.first();
            simulation.run(stakes, new Draw(truth), random, delays, run);
        }
        List<Delay> found = new ArrayList<>();
        for (long[] sorted : delays) {
            Arrays.sort(sorted);
            found.add(new Delay(simulation.at(sorted, 0.5), simulation.at(sorted, 0.9)));
        }
        return found;
    }

    private OptionalLong at(long[] sorted, double share) {
        long delay = sorted[(int) Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
        return delay > most ? OptionalLong.empty() : OptionalLong.of(delay);
    }

    private double[][] first() {
        double[][] stakes = new double[weights.length][];
        for (int t = 0; t < stakes.length; t++) {
            stakes[t] = new double[weights[t].length];
            Arrays.fill(stakes[t], goal.purpose() == Purpose.SAFE ? 1 : 0);
        }
        return stakes;
    }

    private double[][] warm(Draw draw, SplittableRandom random) {
        double[][] stakes = first();
        for (int i = 0; i < GOOD_BLOCKS * goal.perBlock(); i++) {
            observe(stakes, draw.next(random), i % goal.perBlock() == 0);
        }
        return stakes;
    }

    private void run(double[][] stakes, Draw draw, SplittableRandom random, long[][] delays, int run) {
        boolean detector = goal.purpose() == Purpose.BREACH;
        int reached = 0;
        for (long n = 1; n <= most; n++) {
            observe(stakes, draw.next(random), detector && (n - 1) % goal.perBlock() == 0);
            while (reached < thresholds.length && arrived(stakes, thresholds[reached])) {
                delays[reached++][run] = n;
            }
            if (reached == thresholds.length) {
                return;
            }
        }
        for (int i = reached; i < thresholds.length; i++) {
            delays[i][run] = most + 1;
        }
    }

    private void observe(double[][] stakes, int value, boolean opens) {
        for (int t = 0; t < stakes.length; t++) {
            double[] stake = stakes[t];
            double[] factor = factors[t][value];
            double unit = opens ? 1 : 0;
            for (int b = 0; b < stake.length; b++) {
                stake[b] = (stake[b] + unit) * factor[b];
            }
        }
    }

    /// SAFE needs all tests, BREACH their mean.
    private boolean arrived(double[][] stakes, double threshold) {
        double sum = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int t = 0; t < stakes.length; t++) {
            double value = 0;
            for (int b = 0; b < stakes[t].length; b++) {
                value += weights[t][b] * stakes[t][b];
            }
            sum += value;
            least = Math.min(least, value);
        }
        return (goal.purpose() == Purpose.SAFE ? least : sum / stakes.length) >= threshold;
    }

    /// Draws the index of a value.
    private static final class Draw {
        private final double[] upTo;

        Draw(Law law) {
            upTo = law.probabilities();
            for (int i = 1; i < upTo.length; i++) {
                upTo[i] += upTo[i - 1];
            }
        }

        int next(SplittableRandom random) {
            double u = random.nextDouble();
            int i = 0;
            while (i < upTo.length - 1 && u >= upTo[i]) {
                i++;
            }
            return i;
        }
    }
}
