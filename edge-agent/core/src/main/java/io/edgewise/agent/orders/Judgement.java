// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.orders;

/// What becomes of one signed order.
public sealed interface Judgement {
    /// Obey it: this is the standing from now on.
    record Accepted(Standing next) implements Judgement {}

    /// It is the one already obeyed.
    record Known() implements Judgement {}

    /// Not obeyed; the reason is a stable code.
    record Refused(String reason) implements Judgement {}
}
