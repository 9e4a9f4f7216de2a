// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// Answers of so many words, and others that share most of them in almost the same order.
final class SampleTexts {
    private static final int VOCABULARY = 400;
    private static final double CHANGED = 0.2;

    private final SplittableRandom random;

    SampleTexts(long seed) {
        random = new SplittableRandom(seed);
    }

    List<String> words(int n) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            words.add(word());
        }
        return words;
    }

    List<String> changed(List<String> words) {
        List<String> changed = new ArrayList<>();
        for (String word : words) {
            changed.add(random.nextDouble() < CHANGED ? word() : word);
        }
        return changed;
    }

    static String text(List<String> words) {
        return String.join(" ", words) + ".";
    }

    /// Labels of a long tail: the first is the most frequent.
    String[] labels(int n, int different) {
        String[] labels = new String[n];
        for (int i = 0; i < n; i++) {
            double u = random.nextDouble();
            labels[i] = "intent_" + (int) StrictMath.floor(different * u * u * u);
        }
        return labels;
    }

    private String word() {
        return "word" + (char) ('a' + random.nextInt(26)) + random.nextInt(VOCABULARY);
    }
}
