// SPDX-License-Identifier: Apache-2.0
/// Accumulators that merge and travel: exact sums, moments, quantiles, distributions, labels, confusion.
@NullMarked
package io.edgewise.statistics.sketch;

import org.jspecify.annotations.NullMarked;
