// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.testkit.SeededCases;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RedactorTest {
    private static String redact(String text) {
        return Redactor.BUILT_IN.redact(text).text();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "write to ann.o'neil+x@mail.example.org now|write to [EMAIL_1] now",
                "müller@bücher.example|[EMAIL_1]",
                "ann＠example.org|[EMAIL_1]",
                "call +49 (0)30 1234-5678 today|call [PHONE_1] today",
                "call (555) 010-4477 today|call [PHONE_1] today",
                "555.010.4477 or 0301234567|[PHONE_1] or [PHONE_2]",
                "card 4111 1111 1111 1111 please|card [CARD_1] please",
                "card 4111-1111-1111-1111.|card [CARD_1].",
                "４１１１１１１１１１１１１１１１|[CARD_1]",
                "amex 378282246310005|amex [CARD_1]",
                "pay DE89 3704 0044 0532 0130 00 today|pay [IBAN_1] today",
                "pay gb82west12345698765432|pay [IBAN_1]",
                "NO9386011117947 twice NO9386011117947|[IBAN_1] twice [IBAN_1]",
                "since 2026-12-01 0301234567 rings|since 2026-12-01 [PHONE_1] rings",
                "on 12.12.2012 4111 1111 1111 1111|on 12.12.2012 [CARD_1]",
                "+2012-10-12 555 1234|[PHONE_1]",
            })
    void takesOutWhatIdentifiesAPerson(String text, String redacted) {
        assertThat(redact(text)).isEqualTo(redacted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "what is my balance",
                "book a table for 4 at 19:30",
                "on 2026-11-30 or 30.11.2026",
                "meet me on 2026-12-01 19:00",
                "am 01.12.2026 19:30 Uhr",
                "from 2026-12-01 19:00 2026-12-02 07:15:30 on",
                "at 19:00 01.12.2026, not later",
                "\"at\":\"2026-12-01 19.30\"",
                "first line\n12/01/2026 07:45",
                "transfer 1500 dollars to savings",
                "room 12345, floor 3",
                "version 1.2.3",
                "if i cook the pizza at 400 degrees how long must it be in for",
                "change my pin to 1234 on account ending with digits 4994",
                "do you know if my 401k is able to be rolled over",
                "@home at example dot org",
                ""
            })
    void leavesTheRestAlone(String text) {
        assertThat(redact(text)).isEqualTo(text);
    }

    @Test
    void takesACardForACardOnlyWhenItsCheckDigitIsRight() {
        assertThat(Numbers.isCard("4111111111111111", 0, 16)).isTrue();
        assertThat(Numbers.isCard("4111111111111112", 0, 16)).isFalse();
        assertThat(Numbers.isCard("0000000000000000", 0, 16)).isFalse();
        // Too long for a telephone number: out it goes all the same.
        assertThat(redact("4111111111111112")).isEqualTo("[NUMBER_1]");
    }

    @Test
    void takesAnIbanForOneOnlyWhenItsCheckIsRight() {
        assertThat(Numbers.isIban("DE89370400440532013000")).isTrue();
        assertThat(Numbers.isIban("DE88370400440532013000")).isFalse();
        assertThat(redact("DE88 3704 0044 0532 0130 00")).doesNotContain("IBAN");
    }

    @Test
    void findsNamesWhateverTheirCaseAndAccents() {
        Redactor redactor = Redactor.of(Map.of(), Set.of("José García", "Ann", "李雷"));

        assertThat(redactor.redact("tell JOSE\u0301 GARCI\u0301A and ann, not Annette; 李雷")
                        .text())
                .isEqualTo("tell [NAME_1] and [NAME_2], not Annette; [NAME_3]");
        assertThat(redactor.redact("jose went").text()).isEqualTo("jose went");
    }

    @Test
    void findsPatternsOfOnesOwn() {
        Redactor redactor = Redactor.of(Map.of("ticket", "TCK-[0-9]{4}"), Set.of());

        assertThat(redactor.redact("see TCK-1234").text()).isEqualTo("see [TICKET_1]");
    }

    @Test
    void saysWhatIsWrongWithAPattern() {
        assertThatThrownBy(() -> Redactor.of(Map.of("x", "("), Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"x\"")
                .hasMessageContaining("RE2");
        assertThatThrownBy(() -> Redactor.of(Map.of("x", "a*"), Set.of())).hasMessageContaining("empty text");
        assertThatThrownBy(() -> Redactor.of(Map.of("[", "a"), Set.of())).hasMessageContaining("letter");
        assertThatThrownBy(() -> Redactor.of(Map.of("x", "((a{1,99}){1,99}){1,9}"), Set.of()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Redactor.of(Map.of(), Set.of(" "))).hasMessageContaining("no letters");
    }

    @Test
    void isNotHeldUpByAPatternThatBacktrackingEnginesNeverEnd() {
        Redactor redactor = Redactor.of(Map.of("slow", "(a+)+b"), Set.of());
        String text = "a".repeat(20_000) + "c";

        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThat(redactor.redact(text).text()).isEqualTo(text));
    }

    @Test
    void givesAnAnswerItsTextsBack() {
        Redactor.Redacted redacted = Redactor.BUILT_IN.redact("mail a@b.org and c@d.org");

        assertThat(redacted.restore("I wrote to [EMAIL_2], then [EMAIL_1]."))
                .isEqualTo("I wrote to c@d.org, then a@b.org.");
        assertThat(redacted.behind()).containsOnlyKeys("[EMAIL_1]", "[EMAIL_2]");
    }

    @Test
    void leavesNothingOfWhatIsPlantedInAnyText() {
        SeededCases.forAll(500, random -> {
            String planted = switch (random.nextInt(4)) {
                case 0 -> "user" + random.nextInt(100_000) + "@host" + random.nextInt(100) + ".example";
                case 1 -> card(random);
                case 2 -> "+" + random.nextLong(10_000_000_000L, 99_999_999_999L);
                default -> iban(random);
            };
            String text = noise(random) + " " + planted + " " + noise(random);

            assertThat(redact(text)).doesNotContain(planted);
        });
    }

    @Test
    void readsAnyText() {
        SeededCases.forAll(500, random -> {
            String text = noise(random);
            Redactor.Redacted redacted =
                    Redactor.of(Map.of("any", "x[0-9]"), Set.of("Ann")).redact(text);

            assertThat(redacted.restore(redacted.text())).isEqualTo(text);
        });
    }

    private static String card(SplittableRandom random) {
        StringBuilder digits = new StringBuilder("4");
        while (digits.length() < 15) {
            digits.append(random.nextInt(10));
        }
        for (char check = '0'; check <= '9'; check++) {
            if (Numbers.isCard(digits.toString() + check, 0, 16)) {
                return digits.toString() + check;
            }
        }
        throw new AssertionError(digits);
    }

    private static String iban(SplittableRandom random) {
        String rest = "3704" + random.nextLong(10_000_000_000_000L, 99_999_999_999_999L);
        for (int check = 2; check < 99; check++) {
            String iban = String.format("DE%02d%s", check, rest);
            if (Numbers.isIban(iban)) {
                return iban;
            }
        }
        throw new AssertionError(rest);
    }

    private static String noise(SplittableRandom random) {
        StringBuilder noise = new StringBuilder();
        int length = random.nextInt(30);
        for (int i = 0; i < length; i++) {
            noise.appendCodePoint(
                    switch (random.nextInt(6)) {
                        case 0 -> '0' + random.nextInt(10);
                        case 1 -> "+-.() /@[]_".charAt(random.nextInt(11));
                        case 2 -> 0x1F600 + random.nextInt(40);
                        case 3 -> random.nextInt(0x20, 0xD7FF);
                        default -> 'a' + random.nextInt(26);
                    });
        }
        return noise.toString();
    }
}
