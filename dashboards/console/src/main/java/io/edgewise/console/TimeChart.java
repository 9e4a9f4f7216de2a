// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;

/// Lines over minutes, with intervals, limits and the places where a stage began.
record TimeChart(Axis axis, List<Series> series, List<Limit> limits, List<Mark> marks) {
    static final double WIDTH = 520;
    static final double HEIGHT = 212;
    static final double LEFT = 58;
    static final double RIGHT = WIDTH - 14;
    static final double TOP = 18;
    static final double BOTTOM = HEIGHT - 26;
    /// Beyond these points lie too close to be told apart: lines and bands say all.
    static final int MOST_NOTES = 100;

    private static final int MOST_LABELS = 6;

    /// How the values are shown.
    record Axis(DoubleFunction<String> format, Reach reach, Period period) {}

    /// SHARE zooms in within [0, 1]; AMOUNT starts at zero, so that small changes look small; MAGNITUDE is logarithmic.
    enum Reach {
        SHARE,
        AMOUNT,
        MAGNITUDE
    }

    record Series(String name, String css, List<Point> points) {}

    /// `low` and `high` equal the value where there is no interval. `note` is what a pointer over it reads.
    record Point(long minute, double value, double low, double high, String note) {
        static Point exact(long minute, double value, String note) {
            return new Point(minute, value, value, value, note);
        }

        boolean hasInterval() {
            return low < high;
        }
    }

    record Limit(double value, String word) {}

    record Mark(long minute, String word) {}

    boolean isEmpty() {
        return series.stream().allMatch(line -> line.points().isEmpty());
    }

    String draw(String label) {
        Svg svg = new Svg(WIDTH, HEIGHT, label);
        Scale y = vertical();
        Span x = new Span(minutes());
        grid(svg, y);
        x.labels(svg, axis.period());
        for (Mark mark : marks) {
            if (x.holds(mark.minute())) {
                double at = x.at(mark.minute());
                svg.line(at, TOP - 4, at, BOTTOM, "stage-mark");
                boolean late = at > (LEFT + RIGHT) / 2;
                svg.text(at + (late ? -4 : 4), TOP - 6, late ? "mark-word end" : "mark-word", mark.word());
            }
        }
        for (Limit limit : limits) {
            svg.line(LEFT, y.at(limit.value()), RIGHT, y.at(limit.value()), "limit");
            svg.text(RIGHT, y.at(limit.value()) - 5, "limit-word end", limit.word());
        }
        for (Series line : series) {
            band(svg, line, x, y);
        }
        for (Series line : series) {
            line(svg, line, x, y);
        }
        return svg.done();
    }

    private Scale vertical() {
        double[] values = series.stream()
                .flatMap(line -> line.points().stream())
                .flatMapToDouble(point -> DoubleStream.of(point.low(), point.value(), point.high()))
                .toArray();
        double[] bounds = limits.stream().mapToDouble(Limit::value).toArray();
        double[] all = DoubleStream.concat(Arrays.stream(values), Arrays.stream(bounds))
                .toArray();
        return switch (axis.reach()) {
            case SHARE -> Scale.covering(all, 0, 1, BOTTOM, TOP);
            case AMOUNT -> {
                double most = Arrays.stream(all).max().orElse(0);
                yield new Scale(0, most > 0 ? most * 1.15 : 1, BOTTOM, TOP, false);
            }
            case MAGNITUDE -> Scale.logarithmic(all, BOTTOM, TOP);
        };
    }

    private long[] minutes() {
        return series.stream()
                .flatMap(line -> line.points().stream())
                .mapToLong(Point::minute)
                .distinct()
                .sorted()
                .toArray();
    }

    private void grid(Svg svg, Scale y) {
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), RIGHT, y.at(tick), "grid");
            svg.text(LEFT - 8, y.at(tick) + 4, "tick end", axis.format().apply(tick));
        }
        svg.line(LEFT, BOTTOM, RIGHT, BOTTOM, "axis");
    }

    private static void band(Svg svg, Series line, Span x, Scale y) {
        List<Point> points = line.points();
        if (points.size() < 2 || points.stream().noneMatch(Point::hasInterval)) {
            return;
        }
        StringBuilder path = new StringBuilder();
        for (Point point : points) {
            path.append(path.isEmpty() ? 'M' : 'L').append(at(x.at(point.minute()), y.at(point.high())));
        }
        for (Point point : points.reversed()) {
            path.append('L').append(at(x.at(point.minute()), y.at(point.low())));
        }
        svg.path(path.append('Z').toString(), "band " + line.css());
    }

    private void line(Svg svg, Series line, Span x, Scale y) {
        boolean isDense = line.points().size() > MOST_NOTES;
        StringBuilder path = new StringBuilder();
        for (Point point : line.points()) {
            path.append(path.isEmpty() ? 'M' : 'L').append(at(x.at(point.minute()), y.at(point.value())));
            if (point.hasInterval() && !isDense) {
                double place = x.at(point.minute());
                svg.line(place, y.at(point.low()), place, y.at(point.high()), "whisker " + line.css());
            }
        }
        if (line.points().size() > 1) {
            svg.path(path.toString(), "line " + line.css());
        }
        if (isDense) {
            return;
        }
        double radius = line.points().size() > 40 ? 1.6 : 3.2;
        for (Point point : line.points()) {
            svg.circle(x.at(point.minute()), y.at(point.value()), radius, "dot " + line.css(), point.note());
        }
    }

    static String at(double x, double y) {
        return Svg.number(x) + " " + Svg.number(y);
    }

    /// The minutes shown, from left to right.
    record Span(long first, long last) {
        Span(long[] sorted) {
            this(sorted.length == 0 ? 0 : sorted[0], sorted.length == 0 ? 0 : sorted[sorted.length - 1]);
        }

        boolean holds(long minute) {
            return minute >= first && minute <= last;
        }

        double at(long minute) {
            double inner = 16;
            return first == last
                    ? (LEFT + RIGHT) / 2
                    : LEFT + inner + (double) (minute - first) / (last - first) * (RIGHT - LEFT - 2 * inner);
        }

        void labels(Svg svg, Period period) {
            long step = Math.max(1, (last - first + MOST_LABELS - 1) / MOST_LABELS);
            for (long minute = first; minute <= last; minute += step) {
                svg.text(at(minute), BOTTOM + 18, "tick middle", period.tick(minute));
            }
        }
    }
}
