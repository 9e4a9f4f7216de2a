// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.Workload;
import io.edgewise.statistics.text.Agreement;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleBiFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What answers of a workload are, and how two of them compare: a score in [0, 1], 1 for equal ones. Pure.
///
/// @param definition name and version, as it is kept with every comparison; with "@" and the threshold
///     behind it where that is not the usual one, so that one name means one threshold
/// @param threshold the score from which on two answers agree
public record AnswerRule(String definition, Form form, ToDoubleBiFunction<String, String> score, double threshold) {
    /// What an answer must be to count as one.
    enum Form {
        /// One of the workload's labels.
        LABEL,
        /// Any text that says something.
        TEXT,
        /// A JSON object or array.
        JSON,
        /// A JSON array of items, best first.
        RANKING
    }

    static final String SAME_LABEL = "same-label/1";
    /// Of all definitions that say none.
    private static final double USUAL = 0.8;
    private static final char AT = '@';
    private static final Pattern THRESHOLD = Pattern.compile("0\\.\\d{1,3}|1(\\.0{1,3})?");

    /// Of the same tools, called with arguments of which this share is the same.
    static final AnswerRule TOOL_CALLS = new AnswerRule("tool-calls/1", Form.JSON, AnswerRule::fields, 1);

    /// What a workload of each kind may be compared by; the first is what holds when nobody says.
    private static final Map<Workload.Kind, List<AnswerRule>> OF_KIND = Map.of(
            Workload.Kind.CLASSIFICATION,
            List.of(new AnswerRule(SAME_LABEL, Form.LABEL, (reference, answer) -> reference.equals(answer) ? 1 : 0, 1)),
            Workload.Kind.GENERATION,
            List.of(
                    text(Agreement.OfText.TOKEN_F1),
                    text(Agreement.OfText.ROUGE_L),
                    text(Agreement.OfText.NORMALISED_EXACT_MATCH)),
            Workload.Kind.EXTRACTION,
            List.of(new AnswerRule(Agreement.OfFields.JSON_FIELDS.definition(), Form.JSON, AnswerRule::fields, USUAL)),
            Workload.Kind.RANKING,
            List.of(
                    ranking(Agreement.OfRankings.NDCG),
                    ranking(Agreement.OfRankings.TOP_K),
                    ranking(Agreement.OfRankings.KENDALL)),
            Workload.Kind.TRANSCRIPT,
            List.of(text(Agreement.OfText.WER), text(Agreement.OfText.CER)));

    private static AnswerRule text(Agreement.OfText measure) {
        return new AnswerRule(measure.definition(), Form.TEXT, measure::score, USUAL);
    }

    private static AnswerRule ranking(Agreement.OfRankings measure) {
        return new AnswerRule(
                measure.definition(),
                Form.RANKING,
                (reference, answer) -> measure.score(
                        Structured.items(reference).orElse(List.of()),
                        Structured.items(answer).orElse(List.of())),
                USUAL);
    }

    private static double fields(String reference, String answer) {
        Optional<Object> one = Structured.tree(reference);
        Optional<Object> other = Structured.tree(answer);
        return one.isPresent() && other.isPresent() ? Agreement.OfFields.JSON_FIELDS.score(one.get(), other.get()) : 0;
    }

    /// The definitions that a workload of this kind may name, the usual one first.
    public static List<String> definitions(Workload.Kind kind) {
        return OF_KIND.getOrDefault(kind, List.of()).stream()
                .map(AnswerRule::definition)
                .toList();
    }

    /// The definition with another threshold than the usual one: thousandths, more than 0 and at most 1. Throws
    /// for anything else, and where answers are the same or not.
    public static String at(String definition, String threshold) {
        BigDecimal value = THRESHOLD.matcher(threshold).matches() ? new BigDecimal(threshold) : BigDecimal.ZERO;
        if (value.signum() == 0) {
            throw new IllegalArgumentException(
                    "\"" + threshold
                            + "\" is no threshold; write a number above 0 and up to 1 with at most three decimals, such as 0.75");
        }
        if (definition.equals(SAME_LABEL)) {
            throw new IllegalArgumentException("two labels are the same or not; leave the threshold out");
        }
        return value.compareTo(BigDecimal.valueOf(USUAL)) == 0
                ? definition
                : definition + AT + value.stripTrailingZeros().toPlainString();
    }

    /// Throws for what this agent cannot compute.
    static AnswerRule of(Workload workload) {
        String[] said = workload.agreement().split(String.valueOf(AT), 2);
        AnswerRule usual = Stream.of(Workload.Kind.values())
                .flatMap(kind -> OF_KIND.getOrDefault(kind, List.of()).stream())
                .filter(rule -> rule.definition().equals(said[0]))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("workload " + workload.name() + " compares by \""
                        + workload.agreement() + "\"; this agent computes, of kind " + workload.kind() + ", "
                        + definitions(workload.kind())));
        return said.length == 1
                ? usual
                : new AnswerRule(
                        at(usual.definition(), said[1]), usual.form(), usual.score(), Double.parseDouble(said[1]));
    }

    boolean admits(String said) {
        return switch (form) {
            case LABEL -> Arms.isLabel(said);
            case TEXT -> !said.isBlank();
            case JSON -> Structured.tree(said).isPresent();
            case RANKING -> Structured.items(said).isPresent();
        };
    }
}
