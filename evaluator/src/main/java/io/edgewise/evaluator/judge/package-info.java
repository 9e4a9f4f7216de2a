// SPDX-License-Identifier: Apache-2.0
/// Who was right where two arms disagree: what may be asked, what was said, and how it counts. Pure.
@NullMarked
package io.edgewise.evaluator.judge;

import org.jspecify.annotations.NullMarked;
