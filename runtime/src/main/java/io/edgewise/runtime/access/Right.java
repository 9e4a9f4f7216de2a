// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.access;

/// What a call needs.
public enum Right {
    /// To look.
    READ,
    /// To define, start, pause, roll back, abort, stop.
    OPERATE,
    /// To approve a step, or promote past the gates.
    APPROVE,
    /// Tokens, and lifting a stop.
    ADMINISTER
}
