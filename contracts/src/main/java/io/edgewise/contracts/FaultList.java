// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import io.edgewise.contracts.v1.Money;
import java.util.ArrayList;
import java.util.List;

/// Collects faults; each check says what was expected.
final class FaultList {
    private final List<Fault> faults = new ArrayList<>();

    void add(String code, String field, String message) {
        faults.add(new Fault(code, field, message));
    }

    List<Fault> toList() {
        return List.copyOf(faults);
    }

    void name(String field, String value) {
        if (value.isEmpty()) {
            add("missing", field, field + " is empty");
        } else if (!Names.isValid(value)) {
            add("malformed", field, "1 to 128 characters of a-z 0-9 . _ -, the first a letter or a digit");
        }
    }

    void text(String field, String value, int longest) {
        if (value.length() > longest) {
            add("too_long", field, "at most " + longest + " characters; this one has " + value.length());
        }
        if (value.chars().anyMatch(character -> character < 0x20 || character == 0x7f)) {
            add("control_char", field, "control characters are not text");
        }
    }

    void finite(String field, double value) {
        if (!Double.isFinite(value)) {
            add("not_finite", field, "must be a number, not " + value);
        }
    }

    void unit(String field, double value) {
        if (!Double.isFinite(value)) {
            finite(field, value);
        } else if (value < 0 || value > 1 + ObservationFaults.CONFIDENCE_TOLERANCE) {
            add("range", field, "must lie in [0, 1], not " + value);
        }
    }

    void between(String field, long value, long low, long high) {
        if (value < low || value > high) {
            add("range", field, "must lie in " + low + ".." + high + ", not " + value);
        }
    }

    void time(String field, long value, long appendTimeMs) {
        if (value > appendTimeMs + ObservationFaults.MAX_FUTURE_MS
                || value < appendTimeMs - ObservationFaults.MAX_AGE_MS) {
            add(
                    "timestamp",
                    field,
                    value + " is not within 400 days before and 5 minutes after the time of arrival, " + appendTimeMs
                            + "; is it in milliseconds?");
        }
    }

    void sequence(String field, long value) {
        if (value <= 0) {
            add("missing", field, field + " counts from 1");
        } else if (value > ObservationFaults.MAX_SEQ) {
            add("range", field, field + " is at most 2^53, not " + value);
        }
    }

    void money(String field, Money money) {
        if (money.getNanos() < 0) {
            add("range", field, "a cost is not negative");
        }
        if (!isCurrency(money.getCurrency())) {
            add("malformed", field, "currency must be an ISO 4217 code");
        }
        text(field + ".price_card", money.getPriceCard(), 128);
    }

    private static boolean isCurrency(String code) {
        return code.length() == 3 && code.chars().allMatch(letter -> letter >= 'A' && letter <= 'Z');
    }
}
