// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.text;

/// Word and character error rates of a transcript: (S + D + I) / N (Morris, Maier and Green 2004; jiwer),
/// and the bounded agreement 1 - min(1, rate). The reference is the first text; swapping the texts swaps
/// deletions and insertions, and changes the rate where their lengths differ.
///
/// Both texts are normalised alike, by [Normaliser#ANSWER]: case and punctuation are not spoken. jiwer's
/// default is [Normaliser#SPACING]. Where neither text has a word left ("!!!" and ""), the texts themselves
/// are compared as in [ExactMatch], each as one unit, or none where it is blank.
///
/// Takes |reference| · |transcript| steps; beyond 2^24 (without what both share at their ends) the first
/// 4,096 units of either side are aligned freely and the rest place by place: the errors are then at
/// least the true ones.
public final class Transcript {
    public static final String WER_DEFINITION = "wer/1";
    public static final String CER_DEFINITION = "cer/1";

    private Transcript() {}

    /// By words of [Tokeniser]; where a script is written without spaces these are characters.
    public static Edits words(String reference, String transcript) {
        return words(reference, transcript, Normaliser.ANSWER);
    }

    public static Edits words(String reference, String transcript, Normaliser normaliser) {
        Tokeniser.Pair words = Tokeniser.Pair.of(normaliser.apply(reference), normaliser.apply(transcript));
        return words.reference().length + words.answer().length == 0
                ? ofBareTexts(reference, transcript)
                : Edits.between(words.reference(), words.answer());
    }

    /// By code points of the normalised texts, the single spaces between words among them.
    public static Edits characters(String reference, String transcript) {
        return characters(reference, transcript, Normaliser.ANSWER);
    }

    public static Edits characters(String reference, String transcript, Normaliser normaliser) {
        String expected = normaliser.apply(reference);
        String given = normaliser.apply(transcript);
        return expected.isEmpty() && given.isEmpty()
                ? ofBareTexts(reference, transcript)
                : Edits.between(
                        expected.codePoints().toArray(), given.codePoints().toArray());
    }

    private static Edits ofBareTexts(String reference, String transcript) {
        return Edits.between(
                unit(reference, 0), unit(transcript, (int) (1 - ExactMatch.ofBareTexts(reference, transcript))));
    }

    private static int[] unit(String text, int number) {
        return Normaliser.SPACING.apply(text).isEmpty() ? new int[0] : new int[] {number};
    }
}
