// SPDX-License-Identifier: Apache-2.0
/// How soon the live drift judge finds known shifts and how often it is wrong, beside the rules of other tools.
@NullMarked
package io.edgewise.benchmarks.drift;

import org.jspecify.annotations.NullMarked;
