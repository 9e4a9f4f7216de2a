// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.classification;

import io.edgewise.statistics.sequential.Values;
import io.edgewise.statistics.special.Counts;

/// Pairs that were asked for, by what became of them. Missing data is never agreement.
///
/// - A pair without its challenger side counts as not agreeing for SAFE and is left out for BREACH: a
///   challenger that fails to answer cannot earn trust by it, nor is it shown to disagree.
/// - A pair without its frontier side (or without both) is left out of both.
///
/// @param missingChallenger the frontier's answer is there, the challenger's is not
/// @param missingFrontier the frontier's answer is not there, whatever the challenger's
public record AgreementTotals(long agree, long differ, long missingChallenger, long missingFrontier) {
    /// SAFE needs at least this share of pairs with both sides.
    public static final double LEAST_COMPLETENESS = 0.98;

    public AgreementTotals {
        if (agree < 0 || differ < 0 || missingChallenger < 0 || missingFrontier < 0) {
            throw new IllegalArgumentException("AgreementTotals: " + agree + " agree, " + differ + " differ, "
                    + missingChallenger + " without challenger, " + missingFrontier
                    + " without frontier; counts cannot be negative.");
        }
    }

    public static AgreementTotals empty() {
        return new AgreementTotals(0, 0, 0, 0);
    }

    public AgreementTotals plus(AgreementTotals other) {
        return new AgreementTotals(
                Counts.add(agree, other.agree),
                Counts.add(differ, other.differ),
                Counts.add(missingChallenger, other.missingChallenger),
                Counts.add(missingFrontier, other.missingFrontier));
    }

    /// Ones for agreement, for the test that would show it high enough.
    public Values forSafe() {
        return Values.binary(agree, Counts.add(joined(), missingChallenger));
    }

    /// Ones for agreement, for the test that would show it too low.
    public Values forBreach() {
        return Values.binary(agree, joined());
    }

    /// Pairs with both sides.
    public long joined() {
        return Counts.add(agree, differ);
    }

    /// Share of the pairs asked for that have both sides; NaN where none was asked for.
    public double completeness() {
        return (double) joined() / Counts.add(Counts.add(joined(), missingChallenger), missingFrontier);
    }

    /// Whether SAFE may be said: enough pairs are complete. Not where none was asked for.
    public boolean isComplete() {
        return completeness() >= LEAST_COMPLETENESS;
    }

    /// Share of agreement among pairs with both sides; NaN without one.
    public double agreement() {
        return (double) agree / joined();
    }
}
