// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import io.edgewise.statistics.calibration.DiagramPoint;
import io.edgewise.statistics.calibration.Reliability;
import java.util.List;

/// Confidence against the share that was right with Wilson's 95 % interval, the number of answers in each bin below.
final class ReliabilityChart {
    private static final double LEFT = TimeChart.LEFT;
    private static final double RIGHT = TimeChart.RIGHT;
    private static final double TOP = 10;
    private static final double BOTTOM = 156;
    private static final double FOOT = TimeChart.HEIGHT - 24;
    private static final double FOOT_HEIGHT = 24;
    private static final double CONFIDENCE = 0.95;

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
        List<DiagramPoint> points = data.bins().diagram(CONFIDENCE);
        long most = points.stream().mapToLong(DiagramPoint::n).max().orElse(1);
        double width = (RIGHT - LEFT) / Reliability.BINS - 4;
        for (DiagramPoint point : points) {
            double left = x.at((double) point.bin() / Reliability.BINS) + 2;
            double middle = left + width / 2;
            String note = "said " + Format.percent(point.meanConfidence()) + ", was right "
                    + Format.percent(point.accuracy()) + " [" + Format.percent(point.low()) + ", "
                    + Format.percent(point.high()) + "], n " + Format.count(point.n());
            double top = Math.min(y.at(point.accuracy()), BOTTOM - 1.5);
            svg.rect(new Svg.Box(left, top, width, BOTTOM - top), "bar challenger", note);
            svg.line(middle, y.at(point.low()), middle, y.at(point.high()), "whisker");
            for (double end : new double[] {point.low(), point.high()}) {
                svg.line(middle - 3, y.at(end), middle + 3, y.at(end), "whisker");
            }
            svg.line(left - 1, y.at(point.meanConfidence()), left + width + 1, y.at(point.meanConfidence()), "said");
            double height = Math.max(1.5, FOOT_HEIGHT * point.n() / most);
            svg.rect(new Svg.Box(left, FOOT - height, width, height), "bar amount", note);
        }
    }
}
