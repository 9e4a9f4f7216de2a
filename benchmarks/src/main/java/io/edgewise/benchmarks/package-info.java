// SPDX-License-Identifier: Apache-2.0
/// Measurements, as ratios against a baseline in the same run. Each writes `benchmarks/results/<name>.json`.
@NullMarked
package io.edgewise.benchmarks;

import org.jspecify.annotations.NullMarked;
