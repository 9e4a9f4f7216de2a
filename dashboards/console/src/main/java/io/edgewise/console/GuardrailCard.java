// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.DoubleFunction;

/// One guardrail as it stands now: verdict, figures, and why.
public record GuardrailCard(
        String id,
        String title,
        Tone tone,
        String word,
        String estimand,
        String estimate,
        String interval,
        String bar,
        String observations,
        String devices,
        String needs,
        String sentence,
        Proof proof) {

    private static final double LARGEST_SHARE = 50;

    /// Evidence that the limit is broken, as a part of what a roll-back needs. `shown` is false where there is none
    /// yet.
    public record Proof(boolean shown, int percent, String text) {}

    /// Of all cards: how many have which verdict.
    public record Sum(Tone tone, String word, int count) {}

    static List<GuardrailCard> of(List<Rows.Verdict> verdicts) {
        return verdicts.stream()
                .sorted(Comparator.comparing((Rows.Verdict row) -> Tone.ofVerdict(row.verdict()) != Tone.BAD)
                        .thenComparing(Rows.Verdict::guardrail))
                .map(GuardrailCard::card)
                .toList();
    }

    static List<Sum> sums(List<GuardrailCard> cards) {
        List<Sum> sums = new ArrayList<>();
        for (Tone tone : List.of(Tone.BAD, Tone.GOOD, Tone.BUSY, Tone.IDLE)) {
            int count = (int) cards.stream().filter(card -> card.tone() == tone).count();
            if (count > 0) {
                sums.add(new Sum(tone, word(tone), count));
            }
        }
        return sums;
    }

    /// The guardrails whose threshold is the least allowed value, not the greatest.
    static boolean isFloor(String guardrail) {
        return guardrail.contains("agreement") || guardrail.contains("win") || guardrail.contains("completion");
    }

    private static GuardrailCard card(Rows.Verdict row) {
        Tone tone = Tone.ofVerdict(row.verdict());
        DoubleFunction<String> format = format(row);
        IntervalBar bar =
                new IntervalBar(row.estimate(), row.low(), row.high(), row.threshold(), isFloor(row.guardrail()));
        return new GuardrailCard(
                "guardrail-" + row.guardrail(),
                row.title(),
                tone,
                word(tone),
                estimand(row.estimand()),
                row.estimate().isPresent() ? format.apply(row.estimate().getAsDouble()) : Format.NOTHING,
                interval(row, format),
                bar.isEmpty() ? "" : bar.draw(tone, format),
                Format.count(row.observations()),
                Format.count(row.devices()),
                tone == Tone.BUSY || tone == Tone.IDLE ? needs(row) : "",
                row.sentence(),
                proof(row));
    }

    static String word(Tone tone) {
        return switch (tone) {
            case BAD -> "Breach";
            case GOOD -> "Safe";
            case BUSY, WARN -> "Undecided";
            case IDLE -> "No evidence";
        };
    }

    private static String estimand(String estimand) {
        String word = estimand.toLowerCase(Locale.ROOT);
        return word.contains("fleet")
                ? "for the fleet"
                : word.contains("serv") || word.contains("request") ? "on the requests served" : estimand;
    }

    private static String interval(Rows.Verdict row, DoubleFunction<String> format) {
        return row.low().isPresent() && row.high().isPresent()
                ? format.apply(row.low().getAsDouble()) + " to "
                        + format.apply(row.high().getAsDouble())
                : "";
    }

    private static String needs(Rows.Verdict row) {
        List<String> parts = new ArrayList<>();
        positive(row.neededObservations()).ifPresent(n -> parts.add(Format.count(n) + " more observations"));
        positive(row.neededDevices()).ifPresent(n -> parts.add(Format.count(n) + " more devices"));
        return parts.isEmpty() ? "" : "needs about " + String.join(" and ", parts);
    }

    private static OptionalLong positive(OptionalLong amount) {
        return amount.isPresent() && amount.getAsLong() > 0 ? amount : OptionalLong.empty();
    }

    private static Proof proof(Rows.Verdict row) {
        OptionalDouble limit = row.evidenceLimit();
        if (row.evidence().isEmpty() || limit.isEmpty() || limit.getAsDouble() <= 0) {
            return new Proof(false, 0, "");
        }
        double part = Math.clamp(row.evidence().getAsDouble() / limit.getAsDouble(), 0.0, 1.0);
        String text = "ln e " + Format.plain(row.evidence().getAsDouble()) + " of " + Format.plain(limit.getAsDouble());
        return new Proof(true, (int) Math.floor(part * 100), text);
    }

    /// Shares and growth read as per cent; money and everything else as numbers.
    private static DoubleFunction<String> format(Rows.Verdict row) {
        if (row.guardrail().contains("cost")) {
            return Format::perThousand;
        }
        boolean shares = java.util.stream.Stream.of(row.estimate(), row.low(), row.high(), row.threshold())
                .filter(OptionalDouble::isPresent)
                .allMatch(value -> Math.abs(value.getAsDouble()) <= LARGEST_SHARE);
        return shares ? Format::percent : Format::plain;
    }
}
