// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.runtime.rest.Problem;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/// Minutes since 1970, and how people write them.
final class Minutes {
    private static final long SECONDS = 60;
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    private Minutes() {}

    static long of(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), SECONDS);
    }

    static String text(long minute) {
        return Instant.ofEpochSecond(minute * SECONDS).toString();
    }

    static long parse(String field, String text) {
        try {
            Instant instant = Instant.parse(text);
            if (!instant.isBefore(Instant.EPOCH) && instant.isBefore(LAST)) {
                return of(instant);
            }
        } catch (DateTimeParseException e) {
            throw wrong(field, text);
        }
        throw wrong(field, text);
    }

    private static Problem wrong(String field, String text) {
        return Problem.invalid("the time", "\"" + field + "\" is " + text + "; write 2026-05-01T00:00:00Z");
    }
}
