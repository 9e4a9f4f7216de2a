// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.pairs;

import io.edgewise.statistics.calibration.CalibrationBins;
import io.edgewise.statistics.calibration.DiagramPoint;
import io.edgewise.statistics.calibration.EceInterval;
import io.edgewise.statistics.calibration.OneLook;
import io.edgewise.statistics.calibration.Reliability;
import java.util.List;
import java.util.Optional;

/// The edge model's confidence against what was right: the truth, or the frontier's label (which is agreement, not
/// calibration).
///
/// @param floor what a perfectly calibrated model stays below with 95 %
/// @param verdict against 5 %, of truth only
public record Calibration(
        long n,
        double ece,
        double floor,
        double low,
        double high,
        double gap,
        double mce,
        double meanConfidence,
        Optional<FloorVerdict.Word> verdict,
        List<DiagramPoint> points) {
    /// The limit of the calibration gate.
    public static final double LIMIT = 0.05;

    private static final double LEVEL = 0.95;

    public Calibration {
        points = List.copyOf(points);
    }

    static Optional<Calibration> of(Reliability counts, boolean isTruth) {
        CalibrationBins bins = counts.bins();
        long n = bins.total();
        if (n == 0) {
            return Optional.empty();
        }
        EceInterval interval = EceInterval.of(bins, LEVEL);
        double sum = 0;
        for (double one : bins.confidenceSum()) {
            sum += one;
        }
        return Optional.of(new Calibration(
                n,
                bins.ece(),
                bins.nullQuantile(LEVEL),
                interval.low(),
                interval.high(),
                bins.gap(),
                bins.mce(),
                sum / n,
                isTruth ? Optional.of(verdict(counts, n, interval)) : Optional.empty(),
                bins.diagram(LEVEL)));
    }

    private static FloorVerdict.Word verdict(Reliability counts, long n, EceInterval interval) {
        if (interval.low() > LIMIT) {
            return FloorVerdict.Word.BREACH;
        }
        OneLook look = new OneLook(n, LIMIT, 1 - LEVEL, 1);
        return look.at(counts).finding() == OneLook.Finding.SAFE ? FloorVerdict.Word.SAFE : FloorVerdict.Word.UNDECIDED;
    }
}
