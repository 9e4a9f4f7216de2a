// SPDX-License-Identifier: Apache-2.0
/// Confidence against correctness: counts that merge, figures with their sampling error, and two gates
/// on them.
@NullMarked
package io.edgewise.statistics.calibration;

import org.jspecify.annotations.NullMarked;
