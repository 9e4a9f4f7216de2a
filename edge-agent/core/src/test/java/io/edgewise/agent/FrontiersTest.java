// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.v1.Money;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class FrontiersTest {
    private static final PriceCard CARD = new PriceCard("2026-11", "USD", 100, 10, 20);

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String failure = "";
    private volatile boolean isOfRequest;

    private final FrontierClient first = text -> {
        asked.incrementAndGet();
        if (!failure.isEmpty()) {
            throw isOfRequest
                    ? new FrontierFailure(failure, "as told", new Reply(400, "application/json", new byte[0]), true)
                    : new FrontierFailure(failure, "as told");
        }
        return answer("first");
    };

    private static FrontierAnswer answer(String provider) {
        return new FrontierAnswer("yes", provider, "m", "", OptionalLong.of(5), OptionalLong.of(2));
    }

    private Frontiers frontiers(long capOfFirst) {
        return new Frontiers(
                List.of(
                        new Frontiers.Member("first", first, Optional.of(CARD), capOfFirst),
                        new Frontiers.Member("second", text -> answer("second"), Optional.empty(), Long.MAX_VALUE)),
                nanos::get);
    }

    @Test
    void asksTheFirstAndPricesItsAnswerByItsCard() throws FrontierFailure {
        FrontierAnswer answer = frontiers(Long.MAX_VALUE).ask("hi");

        assertThat(answer.provider()).isEqualTo("first");
        assertThat(answer.cost())
                .hasValue(Money.newBuilder()
                        .setNanos(100 + 5 * 10 + 2 * 20)
                        .setCurrency("USD")
                        .setPriceCard("2026-11")
                        .build());
    }

    @Test
    void fallsBackAndNamesWhoAnswered() throws FrontierFailure {
        failure = "http_5xx";
        FrontierAnswer answer = frontiers(Long.MAX_VALUE).ask("hi");

        assertThat(answer.provider()).isEqualTo("second");
        assertThat(answer.cost()).isEmpty();
    }

    @Test
    void letsOneRestThatFailsAndComesBackToIt() throws FrontierFailure {
        failure = "unreachable";
        Frontiers frontiers = frontiers(Long.MAX_VALUE);
        for (int i = 0; i < 9; i++) {
            assertThat(frontiers.ask("hi").provider()).isEqualTo("second");
        }
        assertThat(asked).hasValue(5);
        assertThat(frontiers.passedOver()).isEqualTo(Map.of("first:resting", 4L));

        failure = "";
        nanos.set(30_000_000_000L);

        assertThat(frontiers.ask("hi").provider()).isEqualTo("first");
    }

    @Test
    void aRequestThatIsItselfAtFaultIsPutToNobodyElseAndLetsNobodyRest() throws FrontierFailure {
        failure = "http_4xx";
        isOfRequest = true;
        Frontiers frontiers = frontiers(Long.MAX_VALUE);
        for (int i = 0; i < 9; i++) {
            assertThatThrownBy(() -> frontiers.ask("hi"))
                    .isInstanceOfSatisfying(
                            FrontierFailure.class, e -> assertThat(e.reply()).isPresent());
        }
        assertThat(asked).hasValue(9);
        assertThat(frontiers.passedOver()).isEmpty();

        failure = "";

        assertThat(frontiers.ask("hi").provider()).isEqualTo("first");
    }

    @Test
    void spendsNoMoreThanItsCapInAnHour() throws FrontierFailure {
        Frontiers frontiers = frontiers(300);
        assertThat(frontiers.ask("hi").provider()).isEqualTo("first");
        assertThat(frontiers.ask("hi").provider()).isEqualTo("first");
        assertThat(frontiers.ask("hi").provider()).isEqualTo("second");
        assertThat(frontiers.passedOver()).isEqualTo(Map.of("first:cost_cap", 1L));

        nanos.set(3_600_000_000_000L);

        assertThat(frontiers.ask("hi").provider()).isEqualTo("first");
    }

    @Test
    void saysWhyNobodyAnswered() {
        failure = "timeout";
        Frontiers alone = new Frontiers(
                List.of(new Frontiers.Member("first", first, Optional.empty(), Long.MAX_VALUE)), nanos::get);
        for (int i = 0; i < 7; i++) {
            assertThatThrownBy(() -> alone.ask("hi"))
                    .isInstanceOfSatisfying(
                            FrontierFailure.class, e -> assertThat(e.code()).isEqualTo("timeout"));
        }
        assertThat(asked).as("nobody else is left, so a resting one is asked").hasValue(7);
        assertThatThrownBy(() -> new Frontiers(List.of(), nanos::get)).hasMessageContaining("at least one");
    }

    @Test
    void knowsNoPriceWithoutTheTokensThatItPrices() {
        Spoken silent = Spoken.NOTHING;

        assertThat(CARD.cost(silent)).isEmpty();
        assertThat(new PriceCard("1", "USD", 7, 0, 0).cost(silent))
                .hasValueSatisfying(cost -> assertThat(cost.getNanos()).isEqualTo(7));
        assertThatThrownBy(() -> new PriceCard("1", "dollars", 7, 0, 0)).hasMessageContaining("ISO 4217");
    }
}
