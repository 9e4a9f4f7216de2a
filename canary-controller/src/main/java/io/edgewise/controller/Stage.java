// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// A step of a plan. In shadow `minObservations` counts complete pairs of the stage, later requests of its canary.
public record Stage(
        String name,
        int shareBp,
        long minSeconds,
        long maxSeconds,
        long minObservations,
        long minDevices,
        int pairingCanaryBp,
        int pairingControlBp,
        SortedMap<String, Gate> gates,
        OnUndecided onUndecided) {
    public Stage {
        gates = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(gates)));
    }
}
