// SPDX-License-Identifier: Apache-2.0
/// What a device may hand in, and what it is told to do: pure rules. I/O is in `shell`.
@NullMarked
package io.edgewise.ingest;

import org.jspecify.annotations.NullMarked;
