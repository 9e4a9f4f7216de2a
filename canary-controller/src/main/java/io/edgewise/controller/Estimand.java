// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// What a verdict speaks of.
public enum Estimand {
    /// The requests served; nothing about other devices.
    REQUESTS,
    /// The fleet, by one bet per closed device block.
    FLEET
}
