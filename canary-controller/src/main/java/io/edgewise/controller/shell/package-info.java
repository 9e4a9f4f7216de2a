// SPDX-License-Identifier: Apache-2.0
/// The controller's I/O: rows, loops, the outbox, REST.
@NullMarked
package io.edgewise.controller.shell;

import org.jspecify.annotations.NullMarked;
