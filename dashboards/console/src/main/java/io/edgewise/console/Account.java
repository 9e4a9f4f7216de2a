// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.util.ArrayList;
import java.util.List;

/// Where every record went: recorded = counted + late + rejected + dropped + lost + still missing + imbalance.
public record Account(String kind, String recorded, String spools, List<Part> parts, boolean balanced, String note) {
    private static final String DEAD_LETTER = "dead_letter.";

    public Account {
        parts = List.copyOf(parts);
    }

    /// A term of the sum. `css` is "zero" where nothing went that way.
    public record Part(String word, String amount, String css, String help) {}

    public record Reason(String reason, String amount) {}

    static List<Account> of(List<Rows.Account> rows) {
        return rows.stream().map(Account::account).toList();
    }

    static List<Reason> deadLetters(List<Rows.Counter> counters) {
        return counters.stream()
                .filter(counter -> counter.name().startsWith(DEAD_LETTER) && counter.amount() > 0)
                .map(counter -> new Reason(
                        counter.name().substring(DEAD_LETTER.length()).replace('_', ' '),
                        Format.count(counter.amount())))
                .toList();
    }

    private static Account account(Rows.Account row) {
        List<Part> parts = new ArrayList<>();
        parts.add(part("counted", row.counted(), "good", "in the statistics, exactly once"));
        parts.add(part("late", row.late(), "warn", "arrived after its window had closed for good"));
        parts.add(part("rejected", row.rejected(), "warn", "faulty: in the dead letters, with the reason"));
        parts.add(part("dropped", row.dropped(), "warn", "declared by the device: shed, expired or damaged"));
        parts.add(part("lost", row.lost(), "bad", "gaps closed because too many were open"));
        parts.add(part("on the way", row.openGaps(), "busy", "gaps that can still be filled"));
        boolean balanced = row.imbalance() == 0;
        if (!balanced) {
            parts.add(part("imbalance", row.imbalance(), "bad", "must be zero: look at the evaluator's log"));
        }
        String note = row.duplicates() == 0
                ? ""
                : Format.count(row.duplicates()) + " duplicates arrived and were not counted again";
        return new Account(
                row.kind().equals("observation") ? "Observations" : Format.words(row.kind()),
                Format.count(row.lastSeq()),
                Format.count(row.spools()),
                parts,
                balanced,
                note);
    }

    private static Part part(String word, long amount, String css, String help) {
        return new Part(word, Format.count(amount), amount == 0 ? "zero" : css, help);
    }
}
