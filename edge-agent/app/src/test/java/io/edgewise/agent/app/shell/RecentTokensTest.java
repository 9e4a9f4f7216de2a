// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class RecentTokensTest {
    private final RecentTokens tokens = new RecentTokens();

    private static String id(int i) {
        return "%032x".formatted(i);
    }

    @Test
    void findsTheTokenOfEachOfTheLatestAndOfNoneBefore() {
        int all = RecentTokens.MOST + 100;
        for (int i = 0; i < all; i++) {
            tokens.remember(id(i), "token-" + i);
        }

        assertThat(tokens.of(id(99))).isEmpty();
        for (int i = 100; i < all; i++) {
            assertThat(tokens.of(id(i))).contains("token-" + i);
        }
    }

    @Test
    void aTokenThatTakesTheRoomOfALongerOneIsItsOwn() {
        tokens.remember(id(1), "x".repeat(683));
        for (int i = 2; i < RecentTokens.MOST + 2; i++) {
            tokens.remember(id(i), "y");
        }

        assertThat(tokens.of(id(1))).isEmpty();
        assertThat(tokens.of(id(RecentTokens.MOST + 1))).contains("y");
    }

    @Test
    void knowsNothingOfWhatIsNoObservation() {
        tokens.remember("", "");
        tokens.remember(id(7), "seven");

        assertThat(tokens.of("")).isEmpty();
        assertThat(tokens.of("7")).isEmpty();
        assertThat(tokens.of("\u0000".repeat(32))).isEmpty();
        assertThat(tokens.of(id(7).replace('0', 'Ġ'))).isEmpty();
    }
}
