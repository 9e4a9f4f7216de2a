// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A step of a plan. In shadow `minObservations` counts complete pairs of the stage, later requests
/// of its canary. `minPairs` counts complete pairs in every stage. `approvals` is how many people
/// must approve before the next stage begins; whoever approves it must not have approved it already,
/// so that 2 means four eyes. `hybrid` says which answers of the edge are doubted; empty: none, a
/// request of the challenger's share is the edge's.
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
        OnUndecided onUndecided,
        long minPairs,
        int approvals,
        Optional<HybridTerms> hybrid) {
    /// Without a minimum of pairs of its own, and nobody has to approve.
    public Stage(
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
        this(
                name,
                shareBp,
                minSeconds,
                maxSeconds,
                minObservations,
                minDevices,
                pairingCanaryBp,
                pairingControlBp,
                gates,
                onUndecided,
                0,
                0,
                Optional.empty());
    }

    public Stage {
        gates = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(Map.copyOf(gates)));
    }

    /// The same with these terms.
    Stage trusting(HybridTerms terms) {
        return new Stage(
                name,
                shareBp,
                minSeconds,
                maxSeconds,
                minObservations,
                minDevices,
                pairingCanaryBp,
                pairingControlBp,
                gates,
                onUndecided,
                minPairs,
                approvals,
                Optional.of(terms));
    }

    /// What a plan's hash covers: the fields that every plan has, and the others where they say something.
    String canonical() {
        String text = "Stage[name=" + name + ", shareBp=" + shareBp + ", minSeconds=" + minSeconds + ", maxSeconds="
                + maxSeconds + ", minObservations=" + minObservations + ", minDevices=" + minDevices
                + ", pairingCanaryBp=" + pairingCanaryBp + ", pairingControlBp=" + pairingControlBp + ", gates=" + gates
                + ", onUndecided=" + onUndecided + "]";
        String asked = minPairs == 0 && approvals == 0 ? "" : " minPairs=" + minPairs + " approvals=" + approvals;
        return text + asked + hybrid.map(terms -> " hybrid=" + terms).orElse("");
    }
}
