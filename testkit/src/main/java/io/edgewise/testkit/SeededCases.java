// SPDX-License-Identifier: Apache-2.0
package io.edgewise.testkit;

import java.util.SplittableRandom;

/// Runs a property over seeded random cases and names the seed of the first that fails. To look at one failure again:
/// `-Dedgewise.seed=<seed>` runs that seed alone.
public final class SeededCases {
    private static final String ONE_SEED = "edgewise.seed";

    private SeededCases() {}

    /// A property of whatever the generator makes.
    @FunctionalInterface
    public interface Property {
        void check(SplittableRandom random) throws Exception;
    }

    public static void forAll(int cases, Property property) {
        String one = System.getProperty(ONE_SEED);
        if (one != null) {
            check(Long.parseLong(one), property);
            return;
        }
        for (long seed = 1; seed <= cases; seed++) {
            check(seed, property);
        }
    }

    private static void check(long seed, Property property) {
        try {
            property.check(new SplittableRandom(seed));
        } catch (Exception | AssertionError e) {
            throw new AssertionError(
                    "fails for seed " + seed + " (run it alone with -D" + ONE_SEED + "=" + seed + ")", e);
        }
    }
}
