// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.proportion;

/// What share is true when a detector that errs found some (Rogan and Gladen 1978): (found + specificity - 1) /
/// (sensitivity + specificity - 1), clipped to [0, 1].
///
/// The interval is that of Lang and Reiczigel (2014), which takes in that sensitivity and specificity were measured on
/// few: each is shrunk by one success and one failure, the found share as by Agresti and Coull. It holds where the
/// detector errs on these texts as it did on those that it was measured on; error rates of another model correct
/// nothing. A detector that is no better than chance says nothing: the share is then NaN and the interval [0, 1].
///
/// @param found what the detector found
/// @param sensitivity of those that are, how many it found
/// @param specificity of those that are not, how many it left
public record RoganGladen(Proportion found, Proportion sensitivity, Proportion specificity) {
    /// NaN where the detector is no better than chance, or nothing was measured.
    public double share() {
        double power = sensitivity.share() + specificity.share() - 1;
        return power > 0 ? Math.clamp((found.share() + specificity.share() - 1) / power, 0, 1) : Double.NaN;
    }

    public Interval interval(double alpha) {
        double z = Proportion.z(alpha, 2);
        double square = z * z;
        double trials = found.n() + square;
        double apparent = (found.events() + square / 2) / trials;
        double hit = shrunk(sensitivity);
        double pass = shrunk(specificity);
        double power = hit + pass - 1;
        if (found.n() == 0 || sensitivity.n() == 0 || specificity.n() == 0 || !(power > 0)) {
            return Interval.ANY_SHARE;
        }
        double share = Math.clamp((apparent + pass - 1) / power, 0, 1);
        double ofHit = hit * (1 - hit) / (sensitivity.n() + 2.0);
        double ofPass = pass * (1 - pass) / (specificity.n() + 2.0);
        double centre = share + 2 * square * (share * ofHit - (1 - share) * ofPass);
        double variance =
                apparent * (1 - apparent) / trials + share * share * ofHit + (1 - share) * (1 - share) * ofPass;
        double half = z * StrictMath.sqrt(variance) / power;
        return Interval.clipped(centre - half, centre + half, 0, 1);
    }

    private static double shrunk(Proportion measured) {
        return (measured.events() + 1.0) / (measured.n() + 2.0);
    }
}
