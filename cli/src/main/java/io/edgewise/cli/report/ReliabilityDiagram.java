// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.report;

import io.edgewise.cli.pairs.Calibration;
import io.edgewise.statistics.calibration.DiagramPoint;
import java.util.Locale;

/// Confidence against the share that was right, with what chance allows, and below it how many answers there were.
final class ReliabilityDiagram {
    private static final int SIDE = 300;
    private static final int LEFT = 52;
    private static final int TOP = 10;
    private static final int BARS = 40;
    private static final int WIDTH = LEFT + SIDE + 20;
    private static final int HEIGHT = TOP + SIDE + BARS + 52;

    private ReliabilityDiagram() {}

    static String svg(String title, String right, Calibration calibration) {
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<figure><svg width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
                WIDTH,
                HEIGHT,
                WIDTH,
                HEIGHT,
                Html.escaped(described(title, calibration))));
        for (int i = 0; i <= 4; i++) {
            double at = i / 4.0;
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" stroke=\"var(--line)\"/>",
                    LEFT,
                    y(at),
                    LEFT + SIDE,
                    y(at)));
            svg.append(String.format(
                    Locale.ROOT, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>", LEFT - 6, y(at) + 4, at));
            svg.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.2f</text>",
                    x(at),
                    TOP + SIDE + BARS + 22,
                    at));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"var(--dim)\" stroke-dasharray=\"4 4\"/>",
                x(0),
                y(0),
                x(1),
                y(1)));
        long most = 1;
        for (DiagramPoint point : calibration.points()) {
            most = Math.max(most, point.n());
        }
        for (DiagramPoint point : calibration.points()) {
            point(svg, point, most);
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">confidence of the edge model</text>",
                LEFT + SIDE / 2,
                HEIGHT - 8));
        svg.append(String.format(
                Locale.ROOT,
                "<text transform=\"translate(12 %d) rotate(-90)\" text-anchor=\"middle\">%s</text>",
                TOP + SIDE / 2,
                Html.escaped(right)));
        svg.append(String.format(Locale.ROOT, "</svg><figcaption>%s</figcaption></figure>%n", Html.escaped(title)));
        return svg.toString();
    }

    private static void point(StringBuilder svg, DiagramPoint point, long most) {
        double x = x(point.meanConfidence());
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"var(--one)\" stroke-width=\"2\"/>",
                x,
                y(point.low()),
                x,
                y(point.high())));
        svg.append(String.format(
                Locale.ROOT,
                "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"var(--one)\"><title>%,d answers, confidence %.3f, right %.3f</title></circle>",
                x,
                y(point.accuracy()),
                point.n(),
                point.meanConfidence(),
                point.accuracy()));
        double height = (double) BARS * point.n() / most;
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"var(--dim)\"/>",
                x(point.bin() / 15.0) + 1,
                TOP + SIDE + BARS + 6 - height,
                SIDE / 15.0 - 2,
                height));
    }

    private static String described(String title, Calibration calibration) {
        return String.format(
                Locale.ROOT,
                "%s. Mean confidence %.3f, expected calibration error %.4f over %,d answers.",
                title,
                calibration.meanConfidence(),
                calibration.ece(),
                calibration.n());
    }

    private static double x(double share) {
        return LEFT + SIDE * share;
    }

    private static double y(double share) {
        return TOP + SIDE * (1 - share);
    }
}
