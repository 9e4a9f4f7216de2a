// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import java.util.OptionalLong;

/// The planned look that can show calibration SAFE: once, at a number of labels fixed in advance.
///
/// SAFE is shown where the upper bound of the true ECE on the 15 bins is at most the limit. The bound
/// inverts the law of the plug-in ECE under the least favourable gaps: a model whose true ECE is at the
/// limit undercuts [Answer#critical] with probability at most the level, whatever the shape of its
/// gaps. As the plug-in value of a perfect model is itself above 0, this is far more powerful than
/// plug-in + z · error: with confidences spread over (0.5, 1], 1,000 labels show a perfect model SAFE
/// in about 60 % of looks, 1,500 in 90 %, 2,000 in 98 %; with a sharp network's, 1,000 always do.
///
/// The k-th look of a plan spends alpha · 6/(π² k²), so that any number of planned looks together are
/// falsely SAFE with probability at most alpha. Look at the first counts that reach the planned labels,
/// and keep that answer: looking on until it is SAFE breaks the promise. Labels must be a sample that
/// does not depend on whether the answer was right.
///
/// Labels must be independent. Those of one device resemble each other: with 1,000 labels from 50 devices
/// and a correlation inside a device of 0.02 / 0.05 / 0.10, a fleet whose ECE is at the limit is SAFE in 4.1
/// / 7.3 / 12.0 % of looks where 3 % are promised (labels of the devices in turn; 5.4 / 8.4 / 14.3 % of
/// random devices, before the spread inside bins was allowed for). For the fleet, give the FIRST label of each device,
/// and
/// plan so many devices; then the level holds whatever the correlation. Else the answer is about the labels
/// given only, which is worth something from 30 devices on.
///
/// @param labels planned for this look, at least 1 (1,000)
/// @param limit the ECE that must be shown to be undercut or met (0.05)
/// @param alpha of all looks together (0.05)
/// @param look 1 for the first look of the plan
public record OneLook(long labels, double limit, double alpha, int look) {
    public static final long DEFAULT_LABELS = 1000;
    private static final double PLANNED_POWER = 0.9;
    private static final long MOST = 1L << 40;

    /// What the look says.
    public enum Finding {
        /// The planned labels are not there yet; nothing was decided.
        WAITING,
        SAFE,
        /// Looked, and not shown. Not a breach; the look is spent.
        NOT_SHOWN
    }

    /// @param finding what was decided
    /// @param ece the plug-in value; NaN without labels
    /// @param critical the plug-in value that would have been SAFE just so; NaN without labels
    /// @param upper bound of the true ECE at this look's level; 1 without labels
    /// @param labelsNeeded WAITING: until this look. NOT_SHOWN: until a next look has 90 % power where
    ///     the true gaps are as estimated (debiased L2); empty where more labels would not help. SAFE:
    ///     0
    public record Answer(Finding finding, double ece, double critical, double upper, OptionalLong labelsNeeded) {}

    public OneLook {
        if (labels < 1 || !(limit > 0 && limit < 1) || !(alpha > 0 && alpha < 1) || look < 1) {
            throw new IllegalArgumentException("OneLook: look " + look + " at " + labels + " labels, limit " + limit
                    + ", alpha " + alpha + "; labels and look must be at least 1, limit and alpha in (0, 1) (0.05).");
        }
    }

    /// The first look, at 1,000 labels.
    public static OneLook first(double limit, double alpha) {
        return new OneLook(DEFAULT_LABELS, limit, alpha, 1);
    }

    /// The next look of the same plan.
    public OneLook next(long atLabels) {
        if (atLabels <= labels) {
            throw new IllegalArgumentException("OneLook: the next look is planned at " + atLabels
                    + " labels, this one at " + labels + "; plan more labels.");
        }
        return new OneLook(atLabels, limit, alpha, look + 1);
    }

    /// What this look spends: alpha · 6/(π² look²).
    public double level() {
        return alpha * 6 / (StrictMath.PI * StrictMath.PI * look * look);
    }

    /// The look, at counts as they are; see above for when it is taken and kept.
    public Answer at(Reliability counts) {
        CalibrationBins bins = counts.bins();
        long total = bins.total();
        if (total == 0) {
            return new Answer(Finding.WAITING, Double.NaN, Double.NaN, 1, OptionalLong.of(labels));
        }
        double z = -Normal.quantile(level());
        double critical = LeastFavourable.of(bins, 1).quantile(limit, z) - 0.5 / total;
        double upper = EceInterval.high(bins, z);
        double ece = bins.ece();
        if (total < labels) {
            return new Answer(Finding.WAITING, ece, critical, upper, OptionalLong.of(labels - total));
        }
        return passes(bins)
                ? new Answer(Finding.SAFE, ece, critical, Math.min(upper, limit), OptionalLong.of(0))
                : new Answer(Finding.NOT_SHOWN, ece, critical, upper, nextLook(bins));
    }

    /// Whether a plug-in ECE as small as this shows the limit met, regardless of how many labels were
    /// planned.
    boolean passes(CalibrationBins bins) {
        double z = -Normal.quantile(level());
        return LeastFavourable.of(bins, 1).quantile(limit, z) >= EceInterval.observed(bins);
    }

    private OptionalLong nextLook(CalibrationBins bins) {
        double gaps = StrictMath.sqrt(Math.max(0, bins.squaredL2Debiased()));
        if (gaps >= limit) {
            return OptionalLong.empty();
        }
        OneLook next = new OneLook(labels, limit, alpha, look + 1);
        long total = bins.total();
        OptionalLong enough = next.labelsFor(bins, gaps, PLANNED_POWER);
        return enough.isEmpty() ? enough : OptionalLong.of(Math.max(1, enough.getAsLong() - total));
    }

    /// How many labels this look needs so that a model with confidences distributed like these, and
    /// even gaps of this size, is shown SAFE with this power. Empty where it never is, or where there
    /// are no counts to plan from. To fix a plan before any label: counts of the confidences alone,
    /// with correct answers as expected.
    public OptionalLong labelsFor(Reliability counts, double trueEce, double power) {
        return labelsFor(counts.bins(), trueEce, power);
    }

    private OptionalLong labelsFor(CalibrationBins bins, double trueEce, double power) {
        if (!(trueEce >= 0) || trueEce >= limit || bins.total() == 0) {
            return OptionalLong.empty();
        }
        double zPower = Normal.quantile(power);
        long enough = 1;
        while (!suffices(bins, enough, trueEce, zPower)) {
            if (enough >= MOST) {
                return OptionalLong.empty();
            }
            enough *= 2;
        }
        long tooFew = enough / 2;
        while (enough - tooFew > 1) {
            long middle = tooFew + (enough - tooFew) / 2;
            if (suffices(bins, middle, trueEce, zPower)) {
                enough = middle;
            } else {
                tooFew = middle;
            }
        }
        return OptionalLong.of(enough);
    }

    private boolean suffices(CalibrationBins bins, long n, double trueEce, double zPower) {
        LeastFavourable law = LeastFavourable.of(bins, (double) n / bins.total());
        return law.upperEven(trueEce, zPower) + 0.5 / n <= law.quantile(limit, -Normal.quantile(level()));
    }
}
