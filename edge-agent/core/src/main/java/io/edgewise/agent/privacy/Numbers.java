// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.privacy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds numbers that identify: IBANs whose check is right, card numbers whose check digit is right, and
/// what else looks like a telephone number. Digits of every script count.
final class Numbers {
    private static final int LONGEST_IBAN = 34;
    private static final int COUNTRY = 2;
    private static final int GROUP = 4;
    /// ISO 13616: country and length.
    private static final Map<String, Integer> IBAN_LENGTHS = lengths("AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22"
            + " BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22"
            + " GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20"
            + " LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24"
            + " RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30");
    private static final int SHORTEST_CARD = 12;
    private static final int LONGEST_CARD = 19;
    private static final int SHORTEST_PHONE = 7;
    private static final int LONGEST_PHONE = 15;
    private static final int MOST_SEPARATORS = 2;
    /// 2026-11-30, 30.11.2026, 11/30/2026: no telephone number.
    private static final String DAY =
            "(?:(?:19|20)\\d\\d([-./])\\d{1,2}\\1\\d{1,2}|\\d{1,2}([-./])\\d{1,2}\\2(?:19|20)\\d\\d)";

    /// One between spaces, or where a number begins or ends.
    private static final Pattern DATE = Pattern.compile("(?:\\A|(?<=[\\p{Zs}\\t]))" + DAY + "(?=[\\p{Zs}\\t]|\\z)");

    private final String text;
    private final List<Redactor.Span> spans = new ArrayList<>();

    private Numbers(String text) {
        this.text = text;
    }

    private static Map<String, Integer> lengths(String listed) {
        Map<String, Integer> lengths = new HashMap<>();
        for (String entry : listed.split(" ")) {
            lengths.put(entry.substring(0, COUNTRY), Integer.valueOf(entry.substring(COUNTRY)));
        }
        return Map.copyOf(lengths);
    }

    static List<Redactor.Span> in(String text) {
        if (text.codePoints().noneMatch(Character::isDigit)) {
            return List.of();
        }
        Numbers numbers = new Numbers(text);
        numbers.ibans();
        numbers.digits();
        return numbers.spans;
    }

    /// Letters and digits with the places where they stand, without the separators between them.
    private record Run(StringBuilder symbols, List<Integer> starts, List<Integer> ends) {
        static Run empty() {
            return new Run(new StringBuilder(), new ArrayList<>(), new ArrayList<>());
        }

        void add(char symbol, int start, int end) {
            symbols.append(symbol);
            starts.add(start);
            ends.add(end);
        }

        int size() {
            return symbols.length();
        }
    }

    /// Two letters, two digits, and the rest; groups may stand apart by one space or hyphen.
    private void ibans() {
        int at = 0;
        while (at < text.length()) {
            int end = isStart(at) && symbol(at) >= 'A' && symbol(at) <= 'Z' ? iban(at) : -1;
            if (end > 0) {
                spans.add(new Redactor.Span(at, end, "IBAN"));
                at = end;
            } else {
                at += width(at);
            }
        }
    }

    /// Where the IBAN that begins here ends; -1 where none does. Its country says how long it is, and
    /// separators stand after every four symbols or nowhere: without both, one in a hundred sentences
    /// would have one by chance.
    private int iban(int start) {
        StringBuilder symbols = new StringBuilder();
        int length = LONGEST_IBAN;
        int at = start;
        while (at < text.length() && symbols.length() < length) {
            char symbol = symbol(at);
            boolean isGap = symbol == 0 && isSeparator(at) && symbols.length() % GROUP == 0 && !symbols.isEmpty();
            if (symbol == 0 && !isGap) {
                return -1;
            }
            if (symbol != 0) {
                boolean isDigit = symbol <= '9';
                if (symbols.length() < COUNTRY && isDigit
                        || symbols.length() >= COUNTRY && symbols.length() < GROUP && !isDigit) {
                    return -1;
                }
                symbols.append(symbol);
                if (symbols.length() == COUNTRY) {
                    length = IBAN_LENGTHS.getOrDefault(symbols.toString(), 0);
                }
            }
            at += width(at);
        }
        boolean isWhole = length > 0 && symbols.length() == length;
        boolean ends = at >= text.length() || symbol(at) == 0;
        return isWhole && ends && isIban(symbols) ? at : -1;
    }

    /// ISO 7064: with the first four at the end and letters as 10 to 35, the remainder by 97 is 1.
    static boolean isIban(CharSequence symbols) {
        int remainder = 0;
        for (int i = 0; i < symbols.length(); i++) {
            char symbol = symbols.charAt((i + 4) % symbols.length());
            remainder = symbol <= '9'
                    ? (remainder * 10 + (symbol - '0')) % 97
                    : (remainder * 100 + (symbol - 'A' + 10)) % 97;
        }
        return remainder == 1;
    }

    private void digits() {
        int at = 0;
        while (at < text.length()) {
            if (digit(at) >= 0 && isStart(at)) {
                at = number(at);
            } else {
                at += width(at);
            }
        }
    }

    /// Reads one number and returns where it ends. A date that stands by itself is none, and ends the one
    /// before it: a time of day beside it does not make it a telephone number.
    private int number(int start) {
        Run run = run(start, text.length());
        Matcher date = DATE.matcher(text).region(start, run.ends().getLast());
        boolean isInternational = start > 0 && isPlus(text.charAt(start - 1));
        if (!isInternational && date.find()) {
            if (date.start() == start) {
                return date.end();
            }
            run = run(start, date.start());
        }
        classify(start, run);
        return run.ends().getLast();
    }

    private Run run(int start, int limit) {
        Run run = Run.empty();
        int at = start;
        int separators = 0;
        while (at < limit) {
            int digit = digit(at);
            if (digit >= 0) {
                run.add((char) ('0' + digit), at, at + width(at));
                separators = 0;
            } else if (isSeparator(at) && separators < MOST_SEPARATORS) {
                separators++;
            } else {
                break;
            }
            at += width(at);
        }
        return run;
    }

    private void classify(int start, Run run) {
        if (cards(run)) {
            return;
        }
        int from = start;
        while (from > 0 && isPrefix(text.charAt(from - 1))) {
            from--;
        }
        boolean isInternational = text.substring(from, start).chars().anyMatch(Numbers::isPlus);
        int end = run.ends().getLast();
        boolean isPhone = run.size() >= SHORTEST_PHONE && run.size() <= LONGEST_PHONE && !isDate(start, end);
        if (isPhone || isInternational && run.size() >= SHORTEST_PHONE || run.size() > LONGEST_PHONE) {
            spans.add(new Redactor.Span(from, end, run.size() > LONGEST_PHONE ? "NUMBER" : "PHONE"));
        }
    }

    /// Whether the run holds card numbers; each is taken with what is joined to it.
    private boolean cards(Run run) {
        for (int length = Math.min(LONGEST_CARD, run.size()); length >= SHORTEST_CARD; length--) {
            for (int first = 0; first + length <= run.size(); first++) {
                if (isCard(run.symbols(), first, length) && stands(run, first, length)) {
                    spans.add(new Redactor.Span(
                            run.starts().getFirst(), run.ends().getLast(), "CARD"));
                    return true;
                }
            }
        }
        return false;
    }

    /// Whether a separator or an end stands on both sides: digits out of the middle of a longer number
    /// say nothing.
    private static boolean stands(Run run, int first, int length) {
        boolean before =
                first == 0 || !run.ends().get(first - 1).equals(run.starts().get(first));
        int next = first + length;
        boolean after = next == run.size()
                || !run.ends().get(next - 1).equals(run.starts().get(next));
        return before && after;
    }

    /// The check digit of ISO/IEC 7812 (Luhn).
    static boolean isCard(CharSequence digits, int first, int length) {
        int sum = 0;
        boolean differs = false;
        for (int i = 0; i < length; i++) {
            int digit = digits.charAt(first + length - 1 - i) - '0';
            differs |= digits.charAt(first + i) != digits.charAt(first);
            int doubled = digit * 2;
            sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }
        return differs && sum % 10 == 0;
    }

    private boolean isDate(int start, int end) {
        return text.substring(start, end).matches(DAY);
    }

    /// Not in the middle of a word or a number.
    private boolean isStart(int at) {
        if (at == 0) {
            return true;
        }
        int before = text.codePointBefore(at);
        return !Character.isLetterOrDigit(before);
    }

    /// An ASCII letter in upper case or a digit as ASCII; 0 for everything else.
    private char symbol(int at) {
        int digit = digit(at);
        if (digit >= 0) {
            return (char) ('0' + digit);
        }
        int point = text.codePointAt(at);
        if (point >= 'ａ' && point <= 'ｚ') {
            point = point - 'ａ' + 'a';
        } else if (point >= 'Ａ' && point <= 'Ｚ') {
            point = point - 'Ａ' + 'A';
        }
        if (point >= 'a' && point <= 'z') {
            return (char) (point - 'a' + 'A');
        }
        return point >= 'A' && point <= 'Z' ? (char) point : 0;
    }

    private int digit(int at) {
        int point = text.codePointAt(at);
        return Character.isDigit(point) ? Character.digit(point, 10) : -1;
    }

    private int width(int at) {
        return Character.charCount(text.codePointAt(at));
    }

    /// Between the digits of a number. What cannot be seen must not hide one.
    private boolean isSeparator(int at) {
        int point = text.codePointAt(at);
        return switch (Character.getType(point)) {
            case Character.SPACE_SEPARATOR, Character.DASH_PUNCTUATION, Character.FORMAT -> true;
            default -> point == '.' || point == '/' || point == '(' || point == ')' || point == '\t';
        };
    }

    private static boolean isPrefix(char before) {
        return isPlus(before) || before == '(';
    }

    private static boolean isPlus(int before) {
        return before == '+' || before == '＋';
    }
}
