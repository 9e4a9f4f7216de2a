// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.Money;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a frontier's answers cost, in nano-units of a currency: per request, and per token in and out. A
/// changed price is a new version; what was recorded is never repriced.
public record PriceCard(
        String version, String currency, long perRequestNanos, long perTokenInNanos, long perTokenOutNanos) {
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");

    public PriceCard {
        if (version.isBlank() || !CURRENCY.matcher(currency).matches()) {
            throw new IllegalArgumentException("price card \"" + version + "\" in \"" + currency
                    + "\": give it a version and an ISO 4217 currency such as USD");
        }
        if (perRequestNanos < 0 || perTokenInNanos < 0 || perTokenOutNanos < 0) {
            throw new IllegalArgumentException("price card " + version + " has a negative price");
        }
    }

    /// Empty when it prices tokens and the frontier did not say how many there were.
    Optional<Money> cost(Spoken spoken) {
        boolean isKnown = (perTokenInNanos == 0 || spoken.tokensIn().isPresent())
                && (perTokenOutNanos == 0 || spoken.tokensOut().isPresent());
        if (!isKnown) {
            return Optional.empty();
        }
        long nanos = perRequestNanos
                + perTokenInNanos * spoken.tokensIn().orElse(0)
                + perTokenOutNanos * spoken.tokensOut().orElse(0);
        return Optional.of(Money.newBuilder()
                .setNanos(nanos)
                .setCurrency(currency)
                .setPriceCard(version)
                .build());
    }
}
