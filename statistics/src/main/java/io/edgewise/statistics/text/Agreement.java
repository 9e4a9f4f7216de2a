// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

import io.edgewise.statistics.ranking.KendallTau;
import io.edgewise.statistics.ranking.Ndcg;
import io.edgewise.statistics.ranking.TopK;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The measures that a workload can name: `token-f1` for the newest definition, `token-f1/1` for a fixed
/// one. Every score lies in [0, 1], 1 for equal answers.
///
/// Embeddings are not among them: their definition is only complete with a model ([EmbeddingSimilarity]).
public sealed interface Agreement {
    /// Places of a ranking that `top-k` and `ndcg` look at.
    int DEPTH = 10;

    /// Name and version, as kept with every comparison.
    String definition();

    /// The measure of this name or definition.
    static Agreement named(String name) {
        return all().filter(agreement -> {
                    String definition = agreement.definition();
                    return name.equals(definition) || name.equals(definition.substring(0, definition.indexOf('/')));
                })
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Agreement: there is no \"" + name + "\"; there are "
                        + all().map(Agreement::definition).collect(Collectors.joining(", ")) + "."));
    }

    static Stream<Agreement> all() {
        return Stream.of(OfText.values(), OfFields.values(), OfRankings.values())
                .flatMap(Arrays::stream);
    }

    /// Of two texts or labels.
    enum OfText implements Agreement {
        /// The same label, code point by code point: 1 or 0.
        EXACT_LABEL("exact-label/1", (reference, answer) -> reference.equals(answer) ? 1 : 0),
        NORMALISED_EXACT_MATCH(ExactMatch.DEFINITION, ExactMatch::score),
        TOKEN_F1(TokenF1.DEFINITION, TokenF1::score),
        ROUGE_L(
                RougeL.DEFINITION,
                (reference, answer) -> RougeL.of(reference, answer).score()),
        /// 1 - min(1, word error rate).
        WER(
                Transcript.WER_DEFINITION,
                (reference, answer) -> Transcript.words(reference, answer).agreement()),
        /// 1 - min(1, character error rate).
        CER(
                Transcript.CER_DEFINITION,
                (reference, answer) -> Transcript.characters(reference, answer).agreement());

        private final String definition;
        private final ToDoubleBiFunction<String, String> measure;

        OfText(String definition, ToDoubleBiFunction<String, String> measure) {
            this.definition = definition;
            this.measure = measure;
        }

        @Override
        public String definition() {
            return definition;
        }

        public double score(String reference, String answer) {
            return measure.applyAsDouble(reference, answer);
        }
    }

    /// Of two parsed JSON values.
    enum OfFields implements Agreement {
        JSON_FIELDS;

        @Override
        public String definition() {
            return JsonFields.DEFINITION;
        }

        public double score(@Nullable Object reference, @Nullable Object answer) {
            return JsonFields.DEFAULT.score(reference, answer);
        }
    }

    /// Of two rankings of items, best first.
    enum OfRankings implements Agreement {
        TOP_K(TopK.DEFINITION, (reference, answer) -> TopK.overlap(reference, answer, DEPTH)),
        NDCG(Ndcg.DEFINITION, (reference, answer) -> Ndcg.agreement(reference, answer, DEPTH)),
        KENDALL(KendallTau.DEFINITION, KendallTau::agreement);

        private final String definition;
        private final ToDoubleBiFunction<List<String>, List<String>> measure;

        OfRankings(String definition, ToDoubleBiFunction<List<String>, List<String>> measure) {
            this.definition = definition;
            this.measure = measure;
        }

        @Override
        public String definition() {
            return definition;
        }

        public double score(List<String> reference, List<String> answer) {
            return measure.applyAsDouble(reference, answer);
        }
    }
}
