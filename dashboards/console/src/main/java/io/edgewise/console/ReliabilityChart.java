// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import io.edgewise.statistics.calibration.Reliability;

/// Confidence against the share that was right, with the number of answers in each bin below.
final class ReliabilityChart {
    private static final double LEFT = TimeChart.LEFT;
    private static final double RIGHT = TimeChart.RIGHT;
    private static final double TOP = 10;
    private static final double BOTTOM = 156;
    private static final double FOOT = TimeChart.HEIGHT - 24;
    private static final double FOOT_HEIGHT = 24;

    private ReliabilityChart() {}

    static String draw(Reliability data, String label) {
        Svg svg = new Svg(TimeChart.WIDTH, TimeChart.HEIGHT, label);
        Scale y = new Scale(0, 1, BOTTOM, TOP, false);
        Scale x = new Scale(0, 1, LEFT, RIGHT, false);
        for (double tick : new double[] {0, 0.25, 0.5, 0.75, 1}) {
            svg.line(LEFT, y.at(tick), RIGHT, y.at(tick), "grid");
            svg.text(LEFT - 8, y.at(tick) + 4, "tick end", Format.percent(tick));
            svg.text(x.at(tick), FOOT + 18, "tick middle", Format.percent(tick));
        }
        bins(svg, data, x, y);
        svg.line(x.at(0), y.at(0), x.at(1), y.at(1), "ideal");
        svg.line(LEFT, BOTTOM, RIGHT, BOTTOM, "axis");
        svg.line(LEFT, FOOT, RIGHT, FOOT, "axis");
        svg.text(LEFT - 8, FOOT - 6, "tick end", "n");
        return svg.done();
    }

    private static void bins(Svg svg, Reliability data, Scale x, Scale y) {
        long[] n = data.n();
        long[] correct = data.correct();
        double[] sums = data.confidenceSum();
        long most = 1;
        for (long count : n) {
            most = Math.max(most, count);
        }
        double width = (RIGHT - LEFT) / Reliability.BINS - 4;
        for (int bin = 0; bin < Reliability.BINS; bin++) {
            if (n[bin] > 0) {
                double left = x.at((double) bin / Reliability.BINS) + 2;
                double right = (double) correct[bin] / n[bin];
                double said = sums[bin] / n[bin];
                String note = "said " + Format.percent(said) + ", was right " + Format.percent(right) + ", n "
                        + Format.count(n[bin]);
                double top = Math.min(y.at(right), BOTTOM - 1.5);
                svg.rect(new Svg.Box(left, top, width, BOTTOM - top), "bar challenger", note);
                svg.line(left - 1, y.at(said), left + width + 1, y.at(said), "said");
                double height = Math.max(1.5, FOOT_HEIGHT * n[bin] / most);
                svg.rect(new Svg.Box(left, FOOT - height, width, height), "bar amount", note);
            }
        }
    }
}
