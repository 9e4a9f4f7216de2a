// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.privacy;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Finds names of a list as whole words, whatever their case and accents.
final class NameList {
    private static final int MOST_NAMES = 100_000;

    private record Word(int start, int end, String plain) {}

    /// First word -> the names, as words, that begin with it.
    private final Map<String, List<List<String>>> names = new HashMap<>();

    NameList(Set<String> listed) {
        if (listed.size() > MOST_NAMES) {
            throw new IllegalArgumentException(listed.size() + " names are too many; at most " + MOST_NAMES);
        }
        for (String name : listed) {
            List<String> words = words(name).stream().map(Word::plain).toList();
            if (words.isEmpty()) {
                throw new IllegalArgumentException("the name \"" + name + "\" has no letters; take it off the list");
            }
            names.computeIfAbsent(words.getFirst(), first -> new ArrayList<>()).add(words);
        }
        names.values().forEach(same -> same.sort((a, b) -> Integer.compare(b.size(), a.size())));
    }

    List<Redactor.Span> in(String text) {
        if (names.isEmpty()) {
            return List.of();
        }
        List<Redactor.Span> spans = new ArrayList<>();
        List<Word> words = words(text);
        int at = 0;
        while (at < words.size()) {
            int length = longest(words, at);
            if (length > 0) {
                spans.add(new Redactor.Span(
                        words.get(at).start(), words.get(at + length - 1).end(), "NAME"));
            }
            at += Math.max(1, length);
        }
        return spans;
    }

    private int longest(List<Word> words, int at) {
        for (List<String> name : names.getOrDefault(words.get(at).plain(), List.of())) {
            if (at + name.size() <= words.size() && isAt(words, at, name)) {
                return name.size();
            }
        }
        return 0;
    }

    private static boolean isAt(List<Word> words, int at, List<String> name) {
        for (int i = 0; i < name.size(); i++) {
            if (!words.get(at + i).plain().equals(name.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<Word> words(String text) {
        List<Word> words = new ArrayList<>();
        int start = -1;
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            boolean belongs = Character.isLetterOrDigit(point)
                    || Character.getType(point) == Character.NON_SPACING_MARK
                    || Character.getType(point) == Character.FORMAT;
            if (belongs && start < 0) {
                start = at;
            } else if (!belongs && start >= 0) {
                words.add(new Word(start, at, plain(text.substring(start, at))));
                start = -1;
            }
            at += Character.charCount(point);
        }
        if (start >= 0) {
            words.add(new Word(start, text.length(), plain(text.substring(start))));
        }
        return words;
    }

    private static String plain(String word) {
        StringBuilder plain = new StringBuilder(word.length());
        Normalizer.normalize(word, Normalizer.Form.NFKD)
                .codePoints()
                .filter(point -> Character.getType(point) != Character.NON_SPACING_MARK
                        && Character.getType(point) != Character.FORMAT)
                .forEach(plain::appendCodePoint);
        return plain.toString().toLowerCase(Locale.ROOT);
    }
}
