// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.calibration;

import java.util.Arrays;

/// In which bins a bet says "too sure", in which "too unsure": a fixed mixture of patterns.
///
/// For fixed signs s_b the mean of s_b (confidence - correct) is at most the ECE, so the stake of every
/// pattern is a valid bet against it, and so is every mixture:
/// - one sign for all bins (2 patterns, half of the stake);
/// - one change of sign along the confidence (14 places, 2 directions; three eighths);
/// - any signs, mixed anew in each block (one eighth): the block's factor is the product over bins of the
///   mean of both signs. It finds gaps of any pattern, but pays ln 2 per bin and block, so it gains only
///   where blocks hold many labels.
///
/// The first two keep their signs over blocks: blocks of a single label lose nothing.
final class SignPatterns {
    private static final int BINS = Reliability.BINS;

    /// Fixed patterns: the bin from which the sign is the direction's, below it the other.
    private static final int FIXED = 2 * BINS;

    private static final double ONE_SIGN = 1.0 / 4;
    private static final double ONE_CHANGE = 3.0 / 8 / (FIXED - 2);
    private static final double ANEW = 1.0 / 8;

    private SignPatterns() {}

    /// The weights of all bets, given those of one pattern's.
    static double[] weights(double[] ofBets) {
        double[] weights = new double[(FIXED + 1) * ofBets.length];
        for (int i = 0; i < weights.length; i++) {
            int pattern = i / ofBets.length;
            double share = pattern < 2 ? ONE_SIGN : pattern < FIXED ? ONE_CHANGE : ANEW;
            weights[i] = share * ofBets[i % ofBets.length];
        }
        return weights;
    }

    /// What each bet's logarithm gains, pattern by pattern, given what it gains in each bin by either sign.
    static double[] growth(double[][] sure, double[][] unsure) {
        int bets = sure[0].length;
        double[] growth = new double[(FIXED + 1) * bets];
        for (int cut = 0; cut < BINS; cut++) {
            for (int bin = 0; bin < BINS; bin++) {
                double[] up = bin < cut ? unsure[bin] : sure[bin];
                double[] down = bin < cut ? sure[bin] : unsure[bin];
                for (int bet = 0; bet < bets; bet++) {
                    growth[2 * cut * bets + bet] += up[bet];
                    growth[(2 * cut + 1) * bets + bet] += down[bet];
                }
            }
        }
        double[] anew = anew(sure, unsure);
        System.arraycopy(anew, 0, growth, FIXED * bets, bets);
        return growth;
    }

    /// The mean over all 2^15 patterns: the product over bins of the mean of both signs.
    static double[] anew(double[][] sure, double[][] unsure) {
        double[] growth = new double[sure[0].length];
        for (int bin = 0; bin < BINS; bin++) {
            for (int bet = 0; bet < growth.length; bet++) {
                growth[bet] += logMean(sure[bin][bet], unsure[bin][bet]);
            }
        }
        return growth;
    }

    /// ln of the mean of two numbers that are known by their logarithms.
    static double logMean(double a, double b) {
        double larger = Math.max(a, b);
        return larger + StrictMath.log((StrictMath.exp(a - larger) + StrictMath.exp(b - larger)) / 2);
    }

    /// No gain in any bin.
    static double[][] nothing(int bets) {
        double[][] nothing = new double[BINS][];
        Arrays.setAll(nothing, bin -> new double[bets]);
        return nothing;
    }
}
