// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.util.ArrayList;
import java.util.List;

/// The fleet's own count beside the server's. Nothing may be missing and nothing may be counted twice.
public record Reconciliation(long recorded, long feedbackRecorded, CountedObservations server) {
    /// Every observation that a device recorded was counted once, or declared by the device as dropped.
    public boolean isExact() {
        return isComplete() && recorded == server.counted() + server.dropped() && feedbackRecorded == server.feedback();
    }

    /// Whether the server has heard of everything; until then it is worth waiting.
    public boolean isComplete() {
        return server.openGaps() == 0
                && server.imbalance() == 0
                && accountedFor() >= recorded
                && server.feedback() >= feedbackRecorded;
    }

    private long accountedFor() {
        return server.counted() + server.late() + server.rejected() + server.dropped() + server.lost();
    }

    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(compare("observations recorded on devices", recorded, server.counted()));
        lines.add(compare("feedback sent", feedbackRecorded, server.feedback()));
        lines.add("duplicates %s (counted once), late %s, dropped %s, rejected %s, lost %s"
                .formatted(
                        Words.count(server.duplicates()),
                        Words.count(server.late()),
                        Words.count(server.dropped()),
                        Words.count(server.rejected()),
                        Words.count(server.lost())));
        if (server.openGaps() != 0 || server.imbalance() != 0) {
            lines.add("open gaps %s, imbalance %s: the accounts do not close"
                    .formatted(Words.count(server.openGaps()), Words.count(server.imbalance())));
        }
        return List.copyOf(lines);
    }

    private static String compare(String what, long sent, long counted) {
        return "%s %s %s counted %s%s"
                .formatted(
                        what,
                        Words.count(sent),
                        sent == counted ? "=" : "≠",
                        Words.count(counted),
                        sent == counted ? "" : " (difference " + Words.count(counted - sent) + ")");
    }
}
