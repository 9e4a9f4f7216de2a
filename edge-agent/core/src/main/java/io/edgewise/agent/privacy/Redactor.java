// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.privacy;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Replaces what identifies a person by placeholders such as `[EMAIL_1]`: e-mail addresses, IBANs with a
/// right check, card numbers with a right check digit, telephone numbers, names of a list, and patterns
/// of one's own. Equal texts get equal placeholders, and an answer that repeats one can be given its text
/// back on the device.
///
/// Time is linear in the text whatever the patterns are (RE2). In doubt a number is taken for a telephone
/// number: what is redacted too much costs an answer some quality, what is redacted too little cannot be
/// taken back. Thread-safe.
public final class Redactor {
    static final int MOST_PATTERNS = 64;
    static final int LONGEST_PATTERN = 1_000;
    private static final int MOST_PROGRAM = 10_000;
    private static final Pattern EMAIL =
            Pattern.compile("[\\p{L}\\p{N}._%+'-]{1,64}[@＠][\\p{L}\\p{N}-]{1,63}(?:\\.[\\p{L}\\p{N}-]{1,63}){1,8}");

    /// A redacted text and what stands behind its placeholders.
    public record Redacted(String text, Map<String, String> behind) {
        public Redacted {
            behind = Map.copyOf(behind);
        }

        /// Puts back what an answer repeats.
        public String restore(String answer) {
            String restored = answer;
            for (Map.Entry<String, String> entry : behind.entrySet()) {
                restored = restored.replace(entry.getKey(), entry.getValue());
            }
            return restored;
        }
    }

    /// A part of the text, and what it is.
    record Span(int start, int end, String kind) {}

    private final Map<String, Pattern> patterns;
    private final NameList names;

    private Redactor(Map<String, Pattern> patterns, NameList names) {
        this.patterns = patterns;
        this.names = names;
    }

    public static final Redactor BUILT_IN = of(Map.of(), Set.of());

    /// With patterns of one's own in RE2 syntax, by the kind that their placeholders name, and names of
    /// people.
    public static Redactor of(Map<String, String> patterns, Set<String> names) {
        if (patterns.size() > MOST_PATTERNS) {
            throw new IllegalArgumentException(
                    patterns.size() + " redaction patterns are too many; at most " + MOST_PATTERNS);
        }
        Map<String, Pattern> compiled = new LinkedHashMap<>();
        patterns.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(entry -> compiled.put(kind(entry.getKey()), compile(entry.getKey(), entry.getValue())));
        return new Redactor(compiled, new NameList(names));
    }

    private static String kind(String name) {
        if (!name.matches("[A-Za-z][A-Za-z0-9_-]{0,31}")) {
            throw new IllegalArgumentException("redaction pattern \"" + name
                    + "\": its name must be a letter and at most 31 more letters, digits, - or _");
        }
        return name.toUpperCase(Locale.ROOT);
    }

    private static Pattern compile(String name, String pattern) {
        if (pattern.length() > LONGEST_PATTERN) {
            throw new IllegalArgumentException("redaction pattern \"" + name + "\" has " + pattern.length()
                    + " characters; at most " + LONGEST_PATTERN);
        }
        try {
            Pattern compiled = Pattern.compile(pattern);
            if (compiled.matcher("").find()) {
                throw new IllegalArgumentException(
                        "redaction pattern \"" + name + "\" matches the empty text; it must ask for something");
            }
            if (compiled.programSize() > MOST_PROGRAM) {
                throw new IllegalArgumentException(
                        "redaction pattern \"" + name + "\" is too large; write smaller repetitions, such as {1,64}");
            }
            return compiled;
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "redaction pattern \"" + name + "\" is not RE2 syntax: " + e.getMessage(), e);
        }
    }

    public Redacted redact(String text) {
        Session session = begin();
        String redacted = session.redact(text);
        return new Redacted(redacted, session.behind);
    }

    /// Redacts several texts that belong together: what is equal in them gets the same placeholder.
    public Session begin() {
        return new Session();
    }

    /// Texts that belong together. Used by one thread at a time.
    public final class Session {
        private final Map<String, String> placeholders = new HashMap<>();
        private final Map<String, Integer> counts = new HashMap<>();
        private final Map<String, String> behind = new LinkedHashMap<>();

        private Session() {}

        public String redact(String text) {
            List<Span> spans = spans(text);
            if (spans.isEmpty()) {
                return text;
            }
            StringBuilder redacted = new StringBuilder(text.length());
            int at = 0;
            for (Span span : spans) {
                String found = text.substring(span.start(), span.end());
                String placeholder = placeholders.computeIfAbsent(
                        span.kind() + '\0' + found,
                        key -> "[" + span.kind() + "_" + counts.merge(span.kind(), 1, Integer::sum) + "]");
                behind.put(placeholder, found);
                redacted.append(text, at, span.start()).append(placeholder);
                at = span.end();
            }
            return redacted.append(text, at, text.length()).toString();
        }

        /// All that was replaced, by its placeholder.
        public Map<String, String> behind() {
            return Map.copyOf(behind);
        }

        public boolean isEmpty() {
            return behind.isEmpty();
        }
    }

    /// What was found, in order and without overlaps: where two overlap, the one that begins first, of
    /// these the longer, of these the one listed first; what sticks out of it is taken along.
    private List<Span> spans(String text) {
        List<Span> all = new ArrayList<>();
        patterns.forEach((kind, pattern) -> find(pattern, text, kind, all));
        if (text.indexOf('@') >= 0 || text.indexOf('\uFF20') >= 0) {
            find(EMAIL, text, "EMAIL", all);
        }
        all.addAll(Numbers.in(text));
        all.addAll(names.in(text));
        all.sort(Comparator.comparingInt(Span::start)
                .thenComparing(Comparator.comparingInt(Span::end).reversed()));
        List<Span> apart = new ArrayList<>();
        for (Span span : all) {
            if (!apart.isEmpty() && span.start() < apart.getLast().end()) {
                Span before = apart.removeLast();
                apart.add(new Span(before.start(), Math.max(before.end(), span.end()), before.kind()));
            } else {
                apart.add(span);
            }
        }
        return apart;
    }

    private static void find(Pattern pattern, String text, String kind, List<Span> spans) {
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            if (matcher.end() > matcher.start()) {
                spans.add(new Span(matcher.start(), matcher.end(), kind));
            }
        }
    }
}
