// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.Money;
import java.util.Optional;
import java.util.OptionalLong;

/// What a frontier answered, and who it said it was. `systemFingerprint` is empty when it said nothing.
/// `cost` is there when the one who asked knows the price.
public record FrontierAnswer(
        String label, String provider, String model, String systemFingerprint, Spoken spoken, Optional<Money> cost) {
    public FrontierAnswer(String label, String provider, String model, String systemFingerprint, Spoken spoken) {
        this(label, provider, model, systemFingerprint, spoken, Optional.empty());
    }

    public FrontierAnswer(
            String label,
            String provider,
            String model,
            String systemFingerprint,
            OptionalLong tokensIn,
            OptionalLong tokensOut) {
        this(
                label,
                provider,
                model,
                systemFingerprint,
                new Spoken(tokensIn, tokensOut, OptionalLong.empty(), Optional.empty()));
    }

    FrontierAnswer priced(Optional<Money> price) {
        return new FrontierAnswer(label, provider, model, systemFingerprint, spoken, price.or(() -> cost));
    }
}
