// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// What happens when a stage's time is over and its gates are not satisfied. Promotion is not among it.
public enum OnUndecided {
    /// Pauses the rollout at its stage until a person acts.
    HOLD,
    /// Gives the stage its time once more, as long as the plan's horizon allows.
    EXTEND,
    ROLLBACK
}
