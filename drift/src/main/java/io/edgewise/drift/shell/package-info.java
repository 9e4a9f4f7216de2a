// SPDX-License-Identifier: Apache-2.0
/// The drift role's loop and its tables.
@NullMarked
package io.edgewise.drift.shell;

import org.jspecify.annotations.NullMarked;
