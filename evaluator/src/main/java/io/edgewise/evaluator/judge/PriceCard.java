// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.judge;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// What a judge costs, in nano-units of the currency per million tokens, by the version of the card.
public record PriceCard(String version, String currency, long inputPerMillion, long outputPerMillion) {
    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
    private static final int NANO_DIGITS = 9;

    public PriceCard {
        if (!currency.matches("[A-Z]{3}")) {
            throw new IllegalArgumentException("currency \"" + currency + "\" is no ISO 4217 code, for example USD");
        }
        if (inputPerMillion < 0 || outputPerMillion < 0) {
            throw new IllegalArgumentException("a price is not negative");
        }
    }

    /// An amount of the currency in nano-units.
    public static long nanos(BigDecimal amount) {
        return amount.movePointRight(NANO_DIGITS)
                .setScale(0, RoundingMode.CEILING)
                .longValueExact();
    }

    /// Rounded up.
    public long cost(long tokensIn, long tokensOut) {
        BigInteger millionths = BigInteger.valueOf(inputPerMillion)
                .multiply(BigInteger.valueOf(tokensIn))
                .add(BigInteger.valueOf(outputPerMillion).multiply(BigInteger.valueOf(tokensOut)));
        return millionths.add(MILLION.subtract(BigInteger.ONE)).divide(MILLION).longValueExact();
    }
}
