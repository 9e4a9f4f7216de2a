// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import java.io.PrintWriter;
import java.util.function.LongSupplier;

/// What a command has of the world besides files: reports go to `out`, progress and errors to `err`.
///
/// @param watched whether somebody sees `err`
/// @param clock in nanoseconds
record Terminal(PrintWriter out, PrintWriter err, boolean watched, LongSupplier clock) {
    Progress progress() {
        return new Progress(err, watched, clock);
    }
}
