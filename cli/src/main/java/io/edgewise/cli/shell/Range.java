// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.cli.table.BadInput;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/// From one time to another that is not in it.
record Range(Instant from, Instant to) {
    private static final String WINDOW = "\"window\":\"";

    static Range of(String from, String to) {
        Range range = new Range(time("--from", from), time("--to", to));
        if (!range.from.isBefore(range.to)) {
            throw new BadInput("--to " + to + " is not after --from " + from + "; it is not included itself.");
        }
        return range;
    }

    private static Instant time(String option, String text) {
        try {
            return text.contains("T")
                    ? Instant.parse(text)
                    : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
        } catch (DateTimeException e) {
            throw new BadInput(
                    option + " \"" + text + "\" is no time; write 2026-05-01T00:00:00Z or 2026-05-01 (both UTC).", e);
        }
    }

    /// How far a line is, by its window: lines come in the order of time. 0 where it says none.
    double share(byte[] line) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(WINDOW);
        int end = at < 0 ? -1 : text.indexOf('"', at + WINDOW.length());
        if (end < 0) {
            return 0;
        }
        try {
            Instant window = Instant.parse(text.substring(at + WINDOW.length(), end));
            double all = to.getEpochSecond() - from.getEpochSecond();
            return Math.clamp((window.getEpochSecond() - from.getEpochSecond()) / all, 0, 1);
        } catch (DateTimeException e) {
            return 0;
        }
    }
}
