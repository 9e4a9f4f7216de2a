// SPDX-License-Identifier: Apache-2.0
/// Reads an observation from its bytes without building a message: the hot path's decoder.
@NullMarked
package io.edgewise.evaluator.wire;

import org.jspecify.annotations.NullMarked;
