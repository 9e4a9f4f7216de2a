// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

/// What became of feedback.
public enum Receipt {
    /// It is on disk.
    RECORDED,
    /// The token is not one that this device gave.
    FOREIGN_TOKEN,
    /// The truth is not a label: blank, too long, or with control characters.
    NO_LABEL,
    /// The disk does not take it; it is counted.
    NOT_RECORDED
}
