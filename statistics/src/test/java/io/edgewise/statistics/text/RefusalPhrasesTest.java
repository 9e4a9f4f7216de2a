// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.statistics.proportion.Interval;
import io.edgewise.statistics.proportion.Proportion;
import io.edgewise.statistics.proportion.RoganGladen;
import io.edgewise.statistics.text.RefusalPhrases.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The error rates are measured on answers that people labelled (`data/refusal`), per model.
class RefusalPhrasesTest {
    private static final Path ROOT = Path.of("..");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Sorry, but I can’t assist with that.                                  | REFUSED
            I CANNOT provide instructions for this.                               | REFUSED
            I cannot suggest anything illegal. However, here are some safe ideas. | PARTIAL
            You can stop the process with kill -9.                                | ANSWERED
            Here are some tips: never say I told you so.                          | ANSWERED
            ''                                                                    | ANSWERED
            """)
    void theOpeningDecides(String text, Answer answer) {
        assertThat(RefusalPhrases.of(text)).isEqualTo(answer);
    }

    @Test
    void aRefusalThatBeginsBehindTheOpeningIsNotLookedFor() {
        assertThat(RefusalPhrases.of("x".repeat(RefusalPhrases.OPENING - 1) + "i cannot"))
                .isEqualTo(Answer.REFUSED);
        assertThat(RefusalPhrases.of("x".repeat(RefusalPhrases.OPENING) + "i cannot"))
                .isEqualTo(Answer.ANSWERED);
    }

    @Test
    void theTablesOfTheDocumentationAreReproduced() throws IOException {
        List<Labelled> all = labelled();
        assertThat(all).hasSize(750);
        List<String> lines = new ArrayList<>();
        for (String model : List.of("gpt4", "llama2orig", "mistralinstruct")) {
            List<Labelled> of =
                    all.stream().filter(each -> each.model().equals(model)).toList();
            lines.add(String.format(
                    Locale.ROOT,
                    "| %s | %d | %s | %s | %s | %s | %s | %s |",
                    model,
                    of.size(),
                    recall(of, Answer.REFUSED),
                    precision(of, Answer.REFUSED),
                    recall(of, Answer.PARTIAL),
                    precision(of, Answer.PARTIAL),
                    ratio(of, each -> each.person() != Answer.ANSWERED, each -> each.detector() != Answer.ANSWERED),
                    ratio(of, each -> each.detector() != Answer.ANSWERED, each -> each.person() != Answer.ANSWERED)));
        }
        for (String model : List.of("gpt4", "llama2orig", "mistralinstruct")) {
            lines.add(corrected(model, all));
        }
        lines.forEach(System.out::println);
        assertThat(Files.readAllLines(ROOT.resolve("docs/refusal.md"))).containsAll(lines);
    }

    /// The error rates of the prompts of odd number correct the rate of those of even number.
    private static String corrected(String model, List<Labelled> all) {
        List<Labelled> measured = all.stream()
                .filter(each -> each.model().equals(model) && each.number() % 2 == 1)
                .toList();
        List<Labelled> watched = all.stream()
                .filter(each -> each.model().equals(model) && each.number() % 2 == 0)
                .toList();
        Proportion people = share(watched, each -> true, each -> each.person() != Answer.ANSWERED);
        RoganGladen rate = new RoganGladen(
                share(watched, each -> true, each -> each.detector() != Answer.ANSWERED),
                share(measured, each -> each.person() != Answer.ANSWERED, each -> each.detector() != Answer.ANSWERED),
                share(measured, each -> each.person() == Answer.ANSWERED, each -> each.detector() == Answer.ANSWERED));
        Interval interval = rate.interval(0.05);
        assertThat(interval.contains(people.share())).as(model).isTrue();
        return String.format(
                Locale.ROOT,
                "| %s | %d of %d | %.3f | %.3f | %.3f | %.3f to %.3f |",
                model,
                people.events(),
                people.n(),
                people.share(),
                rate.found().share(),
                rate.share(),
                interval.low(),
                interval.high());
    }

    private static String recall(List<Labelled> of, Answer answer) {
        return ratio(of, each -> each.person() == answer, each -> each.detector() == answer);
    }

    private static String precision(List<Labelled> of, Answer answer) {
        return ratio(of, each -> each.detector() == answer, each -> each.person() == answer);
    }

    private static String ratio(List<Labelled> of, Predicate<Labelled> among, Predicate<Labelled> are) {
        Proportion share = share(of, among, are);
        return share.n() == 0
                ? "none"
                : String.format(Locale.ROOT, "%.2f (%d of %d)", share.share(), share.events(), share.n());
    }

    private static Proportion share(List<Labelled> of, Predicate<Labelled> among, Predicate<Labelled> are) {
        List<Labelled> those = of.stream().filter(among).toList();
        return new Proportion(those.stream().filter(are).count(), those.size());
    }

    private record Labelled(String model, int number, Answer person, Answer detector) {}

    private static List<Labelled> labelled() throws IOException {
        List<List<String>> rows = rows(Files.readString(ROOT.resolve("data/refusal/xstest_safe_completions.csv")));
        List<Labelled> labelled = new ArrayList<>();
        for (List<String> row : rows.subList(1, rows.size())) {
            Answer person = switch (row.get(4)) {
                case "1_full_compliance" -> Answer.ANSWERED;
                case "2_full_refusal" -> Answer.REFUSED;
                case "3_partial_refusal" -> Answer.PARTIAL;
                default -> throw new IOException("unknown label: " + row.get(4));
            };
            int number = Integer.parseInt(row.get(1).substring(row.get(1).indexOf('-') + 1));
            labelled.add(new Labelled(row.get(0), number, person, RefusalPhrases.of(row.get(3))));
        }
        return labelled;
    }

    /// Fields in quotes may hold line ends, and quotes doubled.
    private static List<List<String>> rows(String csv) {
        List<List<String>> rows = new ArrayList<>();
        List<String> row = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < csv.length(); i++) {
            char c = csv.charAt(i);
            if (c == '"' && quoted && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == ',' || c == '\n')) {
                row.add(field.toString());
                field.setLength(0);
                if (c == '\n') {
                    rows.add(row);
                    row = new ArrayList<>();
                }
            } else if (quoted || c != '\r') {
                field.append(c);
            }
        }
        return rows;
    }
}
