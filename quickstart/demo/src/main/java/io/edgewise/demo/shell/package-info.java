// SPDX-License-Identifier: Apache-2.0
/// The demo as it runs: broker, database, server, frontier, fleet, terminal.
@NullMarked
package io.edgewise.demo.shell;

import org.jspecify.annotations.NullMarked;
