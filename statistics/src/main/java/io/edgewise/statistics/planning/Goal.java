// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.planning;

import io.edgewise.statistics.sequential.MeanTest;
import io.edgewise.statistics.sequential.Purpose;
import java.util.List;

/// A verdict to be reached: by which tests, at which threshold.
///
/// SAFE needs every test (two of them for a gap that may lie on either side); BREACH needs the mean of
/// their detectors.
///
/// @param logThreshold ln(1/alpha) for SAFE, ln(T/(w alpha_1)) for BREACH ([Horizon])
/// @param perBlock observations (or device blocks) in an evidence block; only a detector knows blocks
public record Goal(Purpose purpose, List<MeanTest> tests, double logThreshold, int perBlock) {
    public Goal {
        tests = List.copyOf(tests);
        if (tests.isEmpty() || tests.stream().anyMatch(test -> test.purpose() != purpose)) {
            throw new IllegalArgumentException(
                    "Goal: tests " + tests + " for " + purpose + "; needs at least one, all made for that purpose.");
        }
        if (!(logThreshold > 0) || Double.isInfinite(logThreshold) || perBlock < 1) {
            throw new IllegalArgumentException("Goal: ln threshold " + logThreshold + ", " + perBlock
                    + " observations in a block; the first must be positive and finite, the second at least 1.");
        }
    }

    /// SAFE at one alpha per guardrail: promotion needs all guardrails, so alpha is not divided.
    public static Goal safe(double alpha, MeanTest... tests) {
        if (!(alpha > 0 && alpha < 1)) {
            throw new IllegalArgumentException("Goal: alpha " + alpha + " must lie strictly between 0 and 1.");
        }
        return new Goal(Purpose.SAFE, List.of(tests), -StrictMath.log(alpha), 1);
    }

    public static Goal breach(double logThreshold, int perBlock, MeanTest... tests) {
        return new Goal(Purpose.BREACH, List.of(tests), logThreshold, perBlock);
    }
}
