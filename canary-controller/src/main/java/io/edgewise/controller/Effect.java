// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// What follows from a transition; the shell carries it out in the transaction that stores the next state.
public sealed interface Effect {
    /// Append to the log.
    record Write(Decision decision) implements Effect {}

    /// Send the devices a directive with the next revision, and a lease where the phase is leased.
    record Direct(int returnSpreadSeconds, String reason) implements Effect {}

    /// Renew the lease of the directive in force.
    record Renew() implements Effect {}
}
