// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import io.edgewise.statistics.special.Counts;

/// Right or wrong on the same inputs by both arms, discordant pairs only: where champion and challenger
/// are equally good each discordant pair goes either way with probability 1/2, however hard the inputs and
/// however they change. The any-time counterpart of McNemar's test, by [TruncatedBeta] with q0 = 1/2 and a
/// uniform mixture over (1/2, 1). A function of totals.
///
/// `championOnly` are pairs where the champion alone was right, `challengerOnly` the reverse.
public record PairedBinary(long championOnly, long challengerOnly) {
    public PairedBinary {
        if (championOnly < 0 || challengerOnly < 0) {
            throw new IllegalArgumentException("PairedBinary: " + championOnly + " and " + challengerOnly
                    + " discordant pairs; counts must not be negative.");
        }
    }

    public PairedBinary plus(PairedBinary other) {
        return new PairedBinary(
                Counts.add(championOnly, other.championOnly), Counts.add(challengerOnly, other.challengerOnly));
    }

    public PairedBinary swapped() {
        return new PairedBinary(challengerOnly, championOnly);
    }

    /// Pairs on which one arm alone was right.
    public long discordant() {
        return Counts.add(championOnly, challengerOnly);
    }

    /// ln of the evidence against "the challenger is not worse".
    public double logEWorse() {
        return TruncatedBeta.logE(championOnly, discordant(), 0.5, 1, 1);
    }

    /// ln of the evidence against "the challenger is not better".
    public double logEBetter() {
        return swapped().logEWorse();
    }
}
