// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

/// What a test of a mean would show.
public enum Side {
    /// The mean is above the limit; the hypothesis to refute is "mean <= limit".
    ABOVE,
    /// The mean is below the limit; the hypothesis to refute is "mean >= limit".
    BELOW
}
