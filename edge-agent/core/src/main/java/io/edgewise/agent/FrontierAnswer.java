// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.util.Optional;
import java.util.OptionalLong;

/// What a frontier answered, and who it said it was. `systemFingerprint` is empty when it said nothing.
public record FrontierAnswer(String label, String provider, String model, String systemFingerprint, Spoken spoken) {
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
}
