// SPDX-License-Identifier: Apache-2.0
/// Fixed fine grids that need no baseline, counts on them, and percentiles from such counts.
@NullMarked
package io.edgewise.statistics.grid;

import org.jspecify.annotations.NullMarked;
