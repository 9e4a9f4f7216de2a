// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// What a stage asks of a guardrail before the next stage may begin.
public enum Gate {
    SAFE,
    /// SAFE, or UNDECIDED with the minimum of observations and devices and fresh evidence.
    NOT_BREACH
}
