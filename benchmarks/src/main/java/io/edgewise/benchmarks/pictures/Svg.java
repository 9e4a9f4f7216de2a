// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import java.util.List;
import java.util.Locale;

/// A drawing, element by element. Brings its own background and colours for light and dark pages, and asks for no font
/// that is not there.
final class Svg {
    static final int WIDTH = 760;

    private static final String STYLE = """
            <style>
            text{font-family:system-ui,"Segoe UI",Helvetica,Arial,"DejaVu Sans",sans-serif;font-size:13px;fill:#1f2328}
            .page{fill:#ffffff;stroke:#d1d9e0}.title{font-size:17px;font-weight:600}.muted{fill:#59636e}
            .end{text-anchor:end}.mid{text-anchor:middle}
            .grid{stroke:#e4e8ec;fill:none}.axis{stroke:#59636e;fill:none}
            .l1,.l2,.l3,.l4,.limit{fill:none;stroke-width:2;stroke-linejoin:round}
            .l1{stroke:#0969da}.l2{stroke:#bc4c00}.l3{stroke:#1a7f37}.l4{stroke:#8250df}
            .limit{stroke:#59636e;stroke-width:1.5;stroke-dasharray:6 4}.dash{stroke-dasharray:7 4}
            .s1,.s2,.s3,.s4,.zone{stroke:none}
            .s1{fill:#0969da}.s2{fill:#bc4c00}.s3{fill:#1a7f37}.s4{fill:#8250df}
            .t1{fill:#0550ae}.t2{fill:#953800}.t3{fill:#116329}.t4{fill:#6639ba}
            .soft{fill-opacity:.16}.zone{fill:#59636e;fill-opacity:.12}
            @media (prefers-color-scheme:dark){
            text{fill:#e6edf3}.page{fill:#0d1117;stroke:#30363d}.muted{fill:#9aa4af}
            .grid{stroke:#21262d}.axis,.limit{stroke:#9aa4af}
            .l1{stroke:#58a6ff}.l2{stroke:#f0883e}.l3{stroke:#3fb950}.l4{stroke:#bc8cff}
            .s1,.t1{fill:#58a6ff}.s2,.t2{fill:#f0883e}.s3,.t3{fill:#3fb950}.s4,.t4{fill:#bc8cff}.zone{fill:#9aa4af}
            }
            </style>
            """;

    private final StringBuilder elements = new StringBuilder();

    /// @param notes what was simulated or measured, one line each, under the title
    Svg(int height, String title, String... notes) {
        elements.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n<title>%s</title>\n",
                WIDTH,
                height,
                escaped(title)));
        elements.append(STYLE);
        elements.append(String.format(
                Locale.ROOT,
                "<rect class=\"page\" x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"8\"/>\n",
                WIDTH - 1,
                height - 1));
        text(new Point(24, 32), title, "title");
        for (int i = 0; i < notes.length; i++) {
            text(new Point(24, 54 + 18 * i), notes[i], "muted");
        }
    }

    void text(Point at, String text, String looks) {
        element("<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>"
                .formatted(looks, at(at.x()), at(at.y()), escaped(text)));
    }

    /// Reads upwards, around its middle.
    void upright(Point at, String text) {
        String x = at(at.x());
        String y = at(at.y());
        element("<text class=\"muted mid\" transform=\"rotate(-90 %s %s)\" x=\"%s\" y=\"%s\">%s</text>"
                .formatted(x, y, x, y, escaped(text)));
    }

    void line(Point from, Point to, String looks) {
        element("<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>"
                .formatted(looks, at(from.x()), at(from.y()), at(to.x()), at(to.y())));
    }

    void path(List<Point> points, String looks) {
        element("<polyline class=\"%s\" points=\"%s\"/>".formatted(looks, joined(points)));
    }

    void area(List<Point> points, String looks) {
        element("<polygon class=\"%s\" points=\"%s\"/>".formatted(looks, joined(points)));
    }

    void dot(Point at, double radius, String looks) {
        element("<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"%s\"/>"
                .formatted(looks, at(at.x()), at(at.y()), at(radius)));
    }

    String finished() {
        return elements + "</svg>\n";
    }

    private void element(String element) {
        elements.append(element).append('\n');
    }

    private static String joined(List<Point> points) {
        StringBuilder text = new StringBuilder();
        for (Point point : points) {
            text.append(text.isEmpty() ? "" : " ")
                    .append(at(point.x()))
                    .append(',')
                    .append(at(point.y()));
        }
        return text.toString();
    }

    private static String at(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
