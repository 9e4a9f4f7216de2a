// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.planning;

import io.edgewise.statistics.planning.SimulatedDelay.Runs;
import io.edgewise.statistics.sequential.DeviceBlocks;
import io.edgewise.statistics.sequential.Purpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tables of delays per guardrail, plan class and assumed true value: 8 guardrails of equal weight, 1 % of
/// false roll-backs, of which the first process takes the first share ([Horizon]), 5 % per guardrail for
/// promotion, 200 observations/s, one device block or one device's first label per second.
public final class DelayTables {
    public static final int GUARDRAILS = 8;
    public static final double ALPHA_ROLLBACK = 0.01;
    public static final double ALPHA_PROMOTION = 0.05;

    /// Observations in an evidence block: 200/s for ten seconds.
    public static final int REQUESTS_PER_BLOCK = 2_000;

    /// Device blocks in an evidence block.
    public static final int DEVICES_PER_BLOCK = 10;

    /// Between two observations of one device.
    public static final double CORRELATION = 0.02;

    /// Runs that need more have no verdict.
    public static final long MOST = 100_000;

    private static final List<Horizon> HORIZONS = List.of(Horizon.HOUR, Horizon.DAY, Horizon.FORTNIGHT);

    /// What a delay counts.
    public enum Estimand {
        REQUESTS,
        /// Closed blocks of 20 observations of a device.
        DEVICES,
        /// Devices that gave their first label.
        LABELS
    }

    /// @param horizon of the plan, for BREACH; SAFE does not depend on it
    /// @param truth the assumed true mean of what the guardrail observes
    public record Question(
            Guardrail guardrail, Purpose shows, Estimand estimand, Optional<Horizon> horizon, double truth) {}

    /// @param simulated measured on all runs
    /// @param expected by [ExpectedDelay]
    public record Row(Question question, Delay simulated, Delay expected) {}

    private DelayTables() {}

    /// A function of its arguments: the same rows on every machine. Each line of the tables has a seed of
    /// its own, derived from this one.
    public static List<Row> compute(long seed, int runs) {
        List<Row> rows = new ArrayList<>();
        long own = seed;
        for (Guardrail guardrail : Guardrail.values()) {
            for (Estimand estimand : Estimand.values()) {
                if (!reads(guardrail, estimand)) {
                    continue;
                }
                for (double truth : safeTruths(guardrail)) {
                    rows.add(safe(guardrail, estimand, truth, new Runs(own++, runs, MOST)));
                }
                for (double truth : breachTruths(guardrail)) {
                    rows.addAll(breach(guardrail, estimand, truth, new Runs(own++, runs, MOST)));
                }
            }
        }
        return rows;
    }

    /// SAFE speaks of the fleet where the limit leaves five points or more.
    private static boolean reads(Guardrail guardrail, Estimand estimand) {
        return switch (guardrail) {
            case AGREEMENT_92, AGREEMENT_85, REFUSAL -> estimand != Estimand.LABELS;
            case ERROR, EXCEEDANCE, WIN_SHARE -> estimand == Estimand.REQUESTS;
            case CALIBRATION -> estimand == Estimand.LABELS;
        };
    }

    private static double[] safeTruths(Guardrail guardrail) {
        return switch (guardrail) {
            case AGREEMENT_92 -> new double[] {0.06, 0.05, 0.04, 0.02};
            case AGREEMENT_85 -> new double[] {0.12, 0.10, 0.08, 0.066, 0.05};
            case ERROR -> new double[] {0.010, 0.008, 0.005, 0.002, 0};
            case REFUSAL -> new double[] {0.03, 0.02, 0.01, 0};
            case EXCEEDANCE -> new double[] {0.007, 0.005, 0.002, 0};
            case WIN_SHARE -> new double[] {0.35, 0.40, 0.50};
            case CALIBRATION -> new double[] {0.03, 0.02, 0.01, 0};
        };
    }

    private static double[] breachTruths(Guardrail guardrail) {
        return switch (guardrail) {
            case AGREEMENT_92 -> new double[] {0.10, 0.12, 0.15, 0.20, 0.30};
            case AGREEMENT_85 -> new double[] {0.18, 0.20, 0.26, 0.40};
            case ERROR -> new double[] {0.02, 0.025, 0.03, 0.05, 0.10};
            case REFUSAL -> new double[] {0.07, 0.10, 0.15, 0.20};
            case EXCEEDANCE -> new double[] {0.015, 0.02, 0.03, 0.05, 0.10};
            case WIN_SHARE -> new double[] {0.25, 0.20, 0.15};
            case CALIBRATION -> new double[] {-0.10, 0.08, 0.10, 0.15, 0.20};
        };
    }

    private static Row safe(Guardrail guardrail, Estimand estimand, double truth, Runs runs) {
        Question question = new Question(guardrail, Purpose.SAFE, estimand, Optional.empty(), truth);
        if (estimand == Estimand.LABELS) {
            CalibrationDelay delay = new CalibrationDelay(guardrail, truth);
            return new Row(question, delay.safe(ALPHA_PROMOTION), delay.expectedSafe(ALPHA_PROMOTION));
        }
        Law law = law(guardrail, estimand, truth);
        Goal goal = Goal.safe(ALPHA_PROMOTION, guardrail.tests(Purpose.SAFE));
        Delay simulated = SimulatedDelay.of(goal, law, law, runs);
        return new Row(question, simulated, ExpectedDelay.of(goal, law));
    }

    private static List<Row> breach(Guardrail guardrail, Estimand estimand, double truth, Runs runs) {
        Law good = law(guardrail, estimand, guardrail.good());
        Law law = law(guardrail, estimand, truth);
        double[] thresholds = HORIZONS.stream()
                .mapToDouble(horizon -> horizon.logThreshold(1.0 / GUARDRAILS, ALPHA_ROLLBACK))
                .toArray();
        int perBlock = estimand == Estimand.REQUESTS ? REQUESTS_PER_BLOCK : DEVICES_PER_BLOCK;
        boolean labels = estimand == Estimand.LABELS;
        CalibrationDelay calibration = new CalibrationDelay(Guardrail.CALIBRATION, labels ? truth : 0);
        Goal last = Goal.breach(thresholds[thresholds.length - 1], perBlock, guardrail.tests(Purpose.BREACH));
        List<Delay> simulated = labels
                ? calibration.breach(thresholds, perBlock, runs)
                : SimulatedDelay.of(last, thresholds, good, law, runs);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < thresholds.length; i++) {
            Goal goal = Goal.breach(thresholds[i], perBlock, guardrail.tests(Purpose.BREACH));
            Delay expected = labels ? calibration.expectedBreach(thresholds[i], perBlock) : ExpectedDelay.of(goal, law);
            Question question = new Question(guardrail, Purpose.BREACH, estimand, Optional.of(HORIZONS.get(i)), truth);
            rows.add(new Row(question, simulated.get(i), expected));
        }
        return rows;
    }

    private static Law law(Guardrail guardrail, Estimand estimand, double truth) {
        Law law = guardrail.law(truth);
        return estimand == Estimand.DEVICES ? law.ofDeviceBlocks(DeviceBlocks.SIZE, CORRELATION) : law;
    }
}
