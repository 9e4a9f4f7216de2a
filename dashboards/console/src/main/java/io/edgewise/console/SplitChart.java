// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.util.List;

/// Who answered, step by step: columns of requests, the challenger's part at the bottom.
record SplitChart(List<Column> columns, List<TimeChart.Mark> marks, Period period) {
    private static final double WIDEST = 34;

    record Column(long minute, long champion, long challenger) {
        long total() {
            return champion + challenger;
        }
    }

    String draw(String label) {
        Svg svg = new Svg(TimeChart.WIDTH, TimeChart.HEIGHT, label);
        double most = columns.stream().mapToLong(Column::total).max().orElse(1);
        Scale y = new Scale(0, Math.max(1, most * 1.08), TimeChart.BOTTOM, TimeChart.TOP, false);
        TimeChart.Span x = new TimeChart.Span(
                columns.stream().mapToLong(Column::minute).sorted().toArray());
        for (double tick : y.ticks()) {
            svg.line(TimeChart.LEFT, y.at(tick), TimeChart.RIGHT, y.at(tick), "grid");
            svg.text(TimeChart.LEFT - 8, y.at(tick) + 4, "tick end", Format.count(Math.round(tick)));
        }
        x.labels(svg, period);
        double width = columnWidth(x);
        for (Column column : columns) {
            column(svg, column, x.at(column.minute()) - width / 2, width, y);
        }
        for (TimeChart.Mark mark : marks) {
            if (x.holds(mark.minute())) {
                boolean late = x.at(mark.minute()) > (TimeChart.LEFT + TimeChart.RIGHT) / 2;
                svg.text(x.at(mark.minute()), TimeChart.TOP - 6, late ? "mark-word end" : "mark-word", mark.word());
            }
        }
        svg.line(TimeChart.LEFT, TimeChart.BOTTOM, TimeChart.RIGHT, TimeChart.BOTTOM, "axis");
        return svg.done();
    }

    private void column(Svg svg, Column column, double left, double width, Scale y) {
        double split = y.at((double) column.challenger());
        double top = y.at((double) column.total());
        String note = period.time(column.minute()) + " UTC: " + Format.count(column.champion()) + " by the champion, "
                + Format.count(column.challenger()) + " by the challenger";
        String shown = columns.size() > TimeChart.MOST_NOTES ? "" : note;
        svg.rect(new Svg.Box(left, top, width, split - top), "bar champion", shown);
        svg.rect(new Svg.Box(left, split, width, TimeChart.BOTTOM - split), "bar challenger", shown);
    }

    private double columnWidth(TimeChart.Span x) {
        double room = TimeChart.RIGHT - TimeChart.LEFT;
        return Math.min(WIDEST, room / ((x.last() - x.first()) / (double) period.step() + 1) * 0.72);
    }
}
