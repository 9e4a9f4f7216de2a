// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.util.Locale;

/// Writes one picture. Colours come from the style sheet by class name, so that a picture follows the colour scheme and
/// needs no inline style. All text passes {@link #escape}.
final class Svg {
    private final StringBuilder out = new StringBuilder(2048);

    Svg(double width, double height, String label) {
        out.append("<svg viewBox=\"0 0 ").append(number(width)).append(' ').append(number(height));
        out.append("\" role=\"img\" aria-label=\"").append(escape(label)).append("\">");
    }

    Svg line(double x1, double y1, double x2, double y2, String css) {
        out.append("<line x1=\"").append(number(x1)).append("\" y1=\"").append(number(y1));
        out.append("\" x2=\"").append(number(x2)).append("\" y2=\"").append(number(y2));
        return close(css);
    }

    Svg rect(Box box, String css, String title) {
        out.append("<rect x=\"").append(number(box.x())).append("\" y=\"").append(number(box.y()));
        out.append("\" width=\"").append(number(Math.max(0, box.width())));
        out.append("\" height=\"").append(number(Math.max(0, box.height())));
        out.append("\" class=\"").append(escape(css)).append("\">");
        return titled(title, "rect");
    }

    Svg circle(double x, double y, double radius, String css, String title) {
        out.append("<circle cx=\"").append(number(x)).append("\" cy=\"").append(number(y));
        out.append("\" r=\"")
                .append(number(radius))
                .append("\" class=\"")
                .append(escape(css))
                .append("\">");
        return titled(title, "circle");
    }

    /// `path` is made of numbers and commands only.
    Svg path(String path, String css) {
        out.append("<path d=\"").append(escape(path));
        return close(css);
    }

    Svg text(double x, double y, String css, String text) {
        out.append("<text x=\"").append(number(x)).append("\" y=\"").append(number(y));
        out.append("\" class=\"")
                .append(escape(css))
                .append("\">")
                .append(escape(text))
                .append("</text>");
        return this;
    }

    String done() {
        return out + "</svg>";
    }

    static String number(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("a picture was given the coordinate " + value);
        }
        String text = String.format(Locale.ROOT, "%.1f", value);
        String whole = text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
        return whole.equals("-0") ? "0" : whole;
    }

    static String escape(String text) {
        StringBuilder safe = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&#39;");
                default -> safe.append(c);
            }
        }
        return safe.toString();
    }

    private Svg close(String css) {
        out.append("\" class=\"").append(escape(css)).append("\"/>");
        return this;
    }

    private Svg titled(String title, String tag) {
        if (!title.isEmpty()) {
            out.append("<title>").append(escape(title)).append("</title>");
        }
        out.append("</").append(tag).append('>');
        return this;
    }

    record Box(double x, double y, double width, double height) {}
}
