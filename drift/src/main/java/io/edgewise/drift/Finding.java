// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

/// A feature that has drifted and has not come back yet.
///
/// @param severity the worst seen since it opened
/// @param calmWindows windows without drift since the last one with it
public record Finding(
        String id, String feature, Severity severity, long openedMinute, int calmWindows, String sentence) {}
