// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is expected of the fleet while a plan runs.
///
/// @param requestsPerSecond of the whole fleet on this workload
/// @param unitsPerDevice users or sessions that the hash assigns: at 1 %, one unit in a hundred is in the canary
/// @param truthShare of the answers, those that somebody will say the truth of
/// @param correlation of two requests of one device
/// @param expected guardrail to the value it is expected to have; a default where it is not named
public record Traffic(
        double requestsPerSecond,
        long devices,
        double unitsPerDevice,
        double truthShare,
        double correlation,
        SortedMap<String, Double> expected) {
    public Traffic {
        expected = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(expected)));
        if (!(requestsPerSecond > 0 && requestsPerSecond <= 1e9)
                || devices < 1
                || !(unitsPerDevice >= 1 && unitsPerDevice <= 1e9)
                || !(truthShare >= 0 && truthShare <= 1)
                || !(correlation >= 0 && correlation < 1)) {
            throw new IllegalArgumentException("traffic: requestsPerSecond must be above 0, devices and unitsPerDevice"
                    + " at least 1, truthShare between 0 and 1 and correlation in [0, 1); not " + requestsPerSecond
                    + ", " + devices + ", " + unitsPerDevice + ", " + truthShare + ", " + correlation);
        }
    }

    /// Of so many requests and devices; one user on each, 2 % of the answers judged.
    public static Traffic of(double requestsPerSecond, long devices) {
        return new Traffic(requestsPerSecond, devices, 1, 0.02, 0.02, new TreeMap<>());
    }
}
