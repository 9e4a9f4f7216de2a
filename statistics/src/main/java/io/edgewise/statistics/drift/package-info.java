// SPDX-License-Identifier: Apache-2.0
/// Whether a distribution has moved: a baseline's bins, the population stability index with its law,
/// Kolmogorov-Smirnov and chi-square tests, distances, and changes of a population. Statistics that are
/// not defined are NaN; the p-value of a test without data is 1, which shows nothing.
@NullMarked
package io.edgewise.statistics.drift;

import org.jspecify.annotations.NullMarked;
