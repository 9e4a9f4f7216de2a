// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import java.util.ArrayList;
import java.util.List;

/// A rectangle with two axes, in which data values are drawn.
record Panel(Svg svg, Point corner, Point size, Axis x, Axis y) {
    /// The usual place: one panel under the title and its notes.
    static Panel whole(Svg svg, int height, int notes, Axis x, Axis y) {
        double top = 54 + 18 * notes;
        return new Panel(svg, new Point(78, top), new Point(Svg.WIDTH - 108, height - top - 64), x, y);
    }

    Panel {
        Point lower = new Point(corner.x(), corner.y() + size.y());
        for (Tick tick : x.ticks()) {
            double at = corner.x() + size.x() * x.share(tick.at());
            svg.line(new Point(at, corner.y()), new Point(at, lower.y()), "grid");
            svg.text(new Point(at, lower.y() + 19), tick.text(), "muted mid");
        }
        for (Tick tick : y.ticks()) {
            double at = lower.y() - size.y() * y.share(tick.at());
            svg.line(new Point(corner.x(), at), new Point(corner.x() + size.x(), at), "grid");
            svg.text(new Point(corner.x() - 8, at + 4.5), tick.text(), "muted end");
        }
        svg.path(List.of(corner, lower, new Point(corner.x() + size.x(), lower.y())), "axis");
        svg.text(new Point(corner.x() + size.x() / 2, lower.y() + 44), x.title(), "muted mid");
        svg.upright(new Point(corner.x() - 54, corner.y() + size.y() / 2), y.title());
    }

    Point at(double valueX, double valueY) {
        return new Point(corner.x() + size.x() * x.share(valueX), corner.y() + size.y() - size.y() * y.share(valueY));
    }

    void line(List<Point> data, String looks) {
        svg.path(placed(data), looks);
    }

    /// What lies between two lines over the same places.
    void band(List<Point> lower, List<Point> upper, String looks) {
        List<Point> around = new ArrayList<>(placed(lower));
        around.addAll(placed(upper).reversed());
        svg.area(around, looks);
    }

    void dot(Point data, double radius, String looks) {
        svg.dot(at(data.x(), data.y()), radius, looks);
    }

    /// From side to side at one height.
    void level(double value, String looks) {
        svg.line(at(x.from(), value), at(x.to(), value), looks);
    }

    /// From bottom to top at one place.
    void upright(double value, String looks) {
        svg.line(at(value, y.from()), at(value, y.to()), looks);
    }

    /// The text's baseline begins (or with "end" ends, with "mid" is centred) at these data values.
    void label(double valueX, double valueY, String text, String looks) {
        Point at = at(valueX, valueY);
        svg.text(new Point(at.x(), at.y() - 6), text, looks);
    }

    private List<Point> placed(List<Point> data) {
        return data.stream().map(point -> at(point.x(), point.y())).toList();
    }
}
