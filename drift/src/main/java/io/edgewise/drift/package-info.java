// SPDX-License-Identifier: Apache-2.0
/// Whether the challenger's answers have moved away from what they were in shadow: pure. I/O is in `shell`.
@NullMarked
package io.edgewise.drift;

import org.jspecify.annotations.NullMarked;
