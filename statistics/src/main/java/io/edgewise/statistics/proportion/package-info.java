// SPDX-License-Identifier: Apache-2.0
/// Shares of events: intervals for one and for two, paired outcomes, and how many observations a look
/// needs.
@NullMarked
package io.edgewise.statistics.proportion;

import org.jspecify.annotations.NullMarked;
