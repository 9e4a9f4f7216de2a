// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

/// How this process stands to a partition that the group gave it.
sealed interface Holding {
    /// Not taken in the database yet, or no longer; nothing is read from it until it is.
    record Waiting(long notBeforeMs) implements Holding {}

    /// Taken and being read.
    record Active(Claim claim) implements Holding {}

    /// The log does not hold what comes next; an operator has to decide. Looked at again from time to time.
    record Stopped(String reason, long notBeforeMs) implements Holding {}
}
