// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.util.ArrayList;
import java.util.List;

/// What the app sent, what the devices recorded of it and what the server counted, each by its own count. Nothing may
/// be missing and nothing may be counted twice.
public record Reconciliation(FleetFigures fleet, CountedObservations server) {
    /// Every request was recorded once and counted once, and so was every truth that a device took.
    public boolean isExact() {
        return isComplete()
                && fleet.unrecorded() == 0
                && server.dropped() == 0
                && allEqual(fleet.requests(), fleet.recorded(), server.counted())
                && allEqual(fleet.truths(), fleet.feedback(), server.feedback());
    }

    /// Whether the devices have written and the server has heard of everything; until then it is worth waiting.
    public boolean isComplete() {
        return server.openGaps() == 0
                && server.imbalance() == 0
                && fleet.recorded() + fleet.unrecorded() >= fleet.requests()
                && fleet.feedback() + fleet.unrecorded() >= fleet.truths()
                && accountedFor() >= fleet.recorded()
                && server.feedback() >= fleet.feedback();
    }

    private long accountedFor() {
        return server.counted() + server.late() + server.rejected() + server.dropped() + server.lost();
    }

    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(compare("requests sent", fleet.requests(), fleet.recorded(), server.counted()));
        lines.add(compare("truths told", fleet.truths(), fleet.feedback(), server.feedback()));
        lines.add("duplicates %s (counted once), late %s, dropped %s, rejected %s, lost %s"
                .formatted(
                        Words.count(server.duplicates()),
                        Words.count(server.late()),
                        Words.count(server.dropped()),
                        Words.count(server.rejected()),
                        Words.count(server.lost())));
        if (fleet.unrecorded() != 0) {
            lines.add("%s could not be written on the devices".formatted(Words.count(fleet.unrecorded())));
        }
        if (server.openGaps() != 0 || server.imbalance() != 0) {
            lines.add("open gaps %s, imbalance %s: the accounts do not close"
                    .formatted(Words.count(server.openGaps()), Words.count(server.imbalance())));
        }
        return List.copyOf(lines);
    }

    private static boolean allEqual(long sent, long recorded, long counted) {
        return sent == recorded && recorded == counted;
    }

    private static String compare(String what, long sent, long recorded, long counted) {
        return what + " " + Words.count(sent) + beside(sent, "recorded", recorded)
                + beside(recorded, "counted", counted);
    }

    private static String beside(long before, String what, long after) {
        return before == after
                ? " = %s %s".formatted(what, Words.count(after))
                : " ≠ %s %s (difference %s)".formatted(what, Words.count(after), Words.count(after - before));
    }
}
