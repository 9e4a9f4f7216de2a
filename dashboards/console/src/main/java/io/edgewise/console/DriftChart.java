// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.util.List;

/// One bar for each feature, against the two lines that open a finding.
final class DriftChart {
    static final double WARN = 0.1;
    static final double ACT = 0.25;
    private static final double LEFT = 150;
    private static final double RIGHT = TimeChart.WIDTH - 56;
    private static final double ROW = 26;
    private static final double TOP = 26;

    private DriftChart() {}

    record Bar(String feature, double psi, Tone tone, String note) {}

    static String draw(List<Bar> bars, String label) {
        double height = TOP + bars.size() * ROW + 26;
        double most = bars.stream().mapToDouble(Bar::psi).max().orElse(0);
        Scale x = new Scale(0, Math.max(0.3, most * 1.08), LEFT, RIGHT, false);
        Svg svg = new Svg(TimeChart.WIDTH, height, label);
        double bottom = height - 24;
        for (double tick : x.ticks()) {
            svg.text(x.at(tick), bottom + 17, "tick middle", Format.plain(tick));
            svg.line(x.at(tick), TOP - 4, x.at(tick), bottom, "grid");
        }
        double y = TOP;
        for (Bar bar : bars) {
            svg.text(LEFT - 10, y + 15, "tick end name", shorten(bar.feature()));
            double width = Math.max(2, x.at(bar.psi()) - LEFT);
            svg.rect(
                    new Svg.Box(LEFT, y + 4, width, ROW - 11),
                    "bar tone-" + bar.tone().css(),
                    bar.note());
            svg.text(LEFT + width + 6, y + 15, "tick value", Format.plain(bar.psi()));
            y += ROW;
        }
        svg.line(x.at(WARN), TOP - 8, x.at(WARN), bottom, "limit warn");
        svg.text(x.at(WARN), TOP - 12, "limit-word middle warn", "warn 0.1");
        svg.line(x.at(ACT), TOP - 8, x.at(ACT), bottom, "limit");
        svg.text(x.at(ACT), TOP - 12, "limit-word middle", "act 0.25");
        svg.line(LEFT, TOP - 8, LEFT, bottom, "axis");
        return svg.done();
    }

    private static String shorten(String name) {
        return name.length() <= 20 ? name : name.substring(0, 19) + "…";
    }
}
