// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

/// ROUGE-L of one text against one reference (Lin 2004): with l the length of the longest common
/// subsequence of their words, precision is l / |answer|, recall l / |reference|, and the score their
/// F-measure with β = 1, so 2 l / (|reference| + |answer|). Symmetric.
///
/// For ASCII texts these are the numbers of `rougeL` of the package rouge-score without stemming
/// (sentence-level: line breaks are white space). Words come from [Normaliser#WORDS] and [Tokeniser], so
/// that other scripts count too; rouge-score drops every letter but a to z. No word on one side: 0; on
/// neither side: as [ExactMatch] (rouge-score: 0).
///
/// Takes |reference| · |answer| steps without the words that the texts share at their ends. Beyond 2^24
/// steps only the first 4,096 words of either side are matched freely, and the rest place by place:
/// `exact` is false then, and the score at most the true one.
public record RougeL(double precision, double recall, double score, boolean exact) {
    public static final String DEFINITION = "rouge-l/1";

    public static RougeL of(String reference, String answer) {
        return of(reference, answer, Normaliser.WORDS);
    }

    public static RougeL of(String reference, String answer, Normaliser normaliser) {
        Tokeniser.Pair words = Tokeniser.Pair.of(normaliser.apply(reference), normaliser.apply(answer));
        int n = words.reference().length;
        int m = words.answer().length;
        if (n == 0 && m == 0) {
            double same = ExactMatch.ofBareTexts(reference, answer);
            return new RougeL(same, same, same, true);
        }
        if (n == 0 || m == 0) {
            return new RougeL(0, 0, 0, true);
        }
        Middle middle = Middle.of(words.reference(), words.answer());
        double common = middle.shared() + longest(middle) + middle.restHits();
        return new RougeL(common / m, common / n, 2 * common / ((double) n + m), middle.exact());
    }

    private static int longest(Middle middle) {
        int[] rows = middle.longer();
        int[] columns = middle.shorter();
        int[] best = new int[columns.length + 1];
        for (int row : rows) {
            int diagonal = 0;
            for (int j = 1; j <= columns.length; j++) {
                int above = best[j];
                best[j] = row == columns[j - 1] ? diagonal + 1 : Math.max(above, best[j - 1]);
                diagonal = above;
            }
        }
        return best[columns.length];
    }
}
