// SPDX-License-Identifier: Apache-2.0
/// How soon devices are back at the champion.
@NullMarked
package io.edgewise.benchmarks.reaction;

import org.jspecify.annotations.NullMarked;
