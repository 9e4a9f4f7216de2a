// SPDX-License-Identifier: Apache-2.0
/// Confidence against correctness, in counts that merge.
@NullMarked
package io.edgewise.statistics.calibration;

import org.jspecify.annotations.NullMarked;
