// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.util.Arrays;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;

/// An estimate with its interval against a threshold. `floor` says that the threshold is a lower bound.
record IntervalBar(
        OptionalDouble estimate, OptionalDouble low, OptionalDouble high, OptionalDouble threshold, boolean floor) {
    private static final double WIDTH = 236;
    private static final double HEIGHT = 46;
    private static final double LEFT = 8;
    private static final double RIGHT = WIDTH - 8;
    private static final double MIDDLE = 16;

    boolean isEmpty() {
        return estimate.isEmpty() && (low.isEmpty() || high.isEmpty());
    }

    String draw(Tone tone, DoubleFunction<String> format) {
        Svg svg = new Svg(WIDTH, HEIGHT, label(format));
        double[] values = present();
        boolean shares = Arrays.stream(values).allMatch(value -> value >= 0 && value <= 1);
        double minimum = shares ? 0 : Double.NEGATIVE_INFINITY;
        double maximum = shares ? 1 : Double.POSITIVE_INFINITY;
        Scale x = Scale.covering(values, minimum, maximum, LEFT, RIGHT);
        svg.rect(new Svg.Box(LEFT, MIDDLE - 5, RIGHT - LEFT, 10), "track", "");
        threshold.ifPresent(limit -> harm(svg, x.at(limit)));
        if (low.isPresent() && high.isPresent()) {
            double from = x.at(low.getAsDouble());
            double width = Math.max(3, x.at(high.getAsDouble()) - from);
            svg.rect(new Svg.Box(from, MIDDLE - 3.5, width, 7), "interval tone-" + tone.css(), "");
        }
        estimate.ifPresent(value -> svg.circle(x.at(value), MIDDLE, 5.5, "estimate tone-" + tone.css(), ""));
        threshold.ifPresent(limit -> {
            svg.line(x.at(limit), 3, x.at(limit), MIDDLE + 12, "limit");
            double at = x.at(limit);
            String side = at < 50 ? "limit-word" : at > WIDTH - 50 ? "limit-word end" : "limit-word middle";
            svg.text(
                    at < 50 ? LEFT : at > WIDTH - 50 ? RIGHT : at,
                    HEIGHT - 3,
                    side,
                    word() + " " + format.apply(limit));
        });
        return svg.done();
    }

    private void harm(Svg svg, double at) {
        double from = floor ? LEFT : at;
        double to = floor ? at : RIGHT;
        svg.rect(new Svg.Box(from, MIDDLE - 5, to - from, 10), "harm", "");
    }

    private String word() {
        return floor ? "floor" : "limit";
    }

    private String label(DoubleFunction<String> format) {
        StringBuilder text = new StringBuilder();
        estimate.ifPresent(value -> text.append("estimate ").append(format.apply(value)));
        if (low.isPresent() && high.isPresent()) {
            text.append(text.isEmpty() ? "" : ", ").append("interval ").append(format.apply(low.getAsDouble()));
            text.append(" to ").append(format.apply(high.getAsDouble()));
        }
        threshold.ifPresent(
                limit -> text.append(", ").append(word()).append(' ').append(format.apply(limit)));
        return text.toString();
    }

    private double[] present() {
        return java.util.stream.Stream.of(estimate, low, high, threshold)
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
    }
}
