// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.util.Locale;

/// How something stands. Always shown as colour, shape and word together, never by colour alone.
public enum Tone {
    GOOD("good", "M4.5 8.3 7 10.8l4.6-5.2"),
    BAD("bad", "m5.4 5.4 5.2 5.2m0-5.2-5.2 5.2"),
    WARN("warn", "M8 4.4v4.4m0 2.3v.6"),
    BUSY("busy", "M8 4.6V8l2.4 1.6"),
    IDLE("idle", "M5 8h6");

    private final String css;
    private final String path;

    Tone(String css, String path) {
        this.css = css;
        this.path = path;
    }

    /// The class that carries the colour.
    public String css() {
        return css;
    }

    /// A small picture for the eye only; the word stands beside it.
    public String icon() {
        String shape = this == BAD
                ? "<path class=\"plate\" d=\"M5.2 1h5.6L15 5.2v5.6L10.8 15H5.2L1 10.8V5.2z\"/>"
                : this == WARN
                        ? "<path class=\"plate\" d=\"M8 .8 15.6 14.6H.4z\"/>"
                        : "<circle class=\"plate\" cx=\"8\" cy=\"8\" r=\"7\"/>";
        return "<svg class=\"icon\" viewBox=\"0 0 16 16\" aria-hidden=\"true\" focusable=\"false\">" + shape
                + "<path class=\"sign\" d=\"" + path + "\"/></svg>";
    }

    /// Of a rollout's phase or outcome.
    static Tone ofPhase(String phase) {
        String word = phase.toUpperCase(Locale.ROOT);
        if (word.contains("ROLLED") || word.contains("ROLLBACK") || word.contains("ROLLING") || word.contains("FAIL")) {
            return BAD;
        }
        if (word.contains("ABORT") || word.contains("PAUSE") || word.contains("HOLD") || word.contains("HELD")) {
            return WARN;
        }
        if (word.contains("COMPLET") || word.contains("PROMOTED") || word.contains("APPROVED")) {
            return GOOD;
        }
        return BUSY;
    }

    static Tone ofVerdict(String verdict) {
        return switch (verdict.toUpperCase(Locale.ROOT).replace('_', '-')) {
            case "BREACH" -> BAD;
            case "SAFE" -> GOOD;
            case "UNDECIDED" -> BUSY;
            default -> IDLE;
        };
    }

    static Tone ofSeverity(String severity) {
        return switch (severity.toLowerCase(Locale.ROOT)) {
            case "act" -> BAD;
            case "warn" -> WARN;
            case "none" -> GOOD;
            default -> IDLE;
        };
    }
}
