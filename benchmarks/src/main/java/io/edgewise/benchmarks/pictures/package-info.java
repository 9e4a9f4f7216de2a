// SPDX-License-Identifier: Apache-2.0
/// The pictures of docs/statistics.md, drawn from what the statistics library computes: same seed, same bytes.
@NullMarked
package io.edgewise.benchmarks.pictures;

import org.jspecify.annotations.NullMarked;
