// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

/// One request as it was drawn.
///
/// @param stage 0 for shadow, in which every unit is control
/// @param confidence of the challenger, in 512ths: whole nano-units, and a bin's border only at 512
record Drawn(
        String rollout,
        int stage,
        boolean isCanary,
        String device,
        String deviceClass,
        boolean isSelected,
        boolean challengerFails,
        boolean agrees,
        int confidence,
        long latencyUs,
        long nanos,
        long eventMs) {

    static final String CHAMPION_SAYS = "balance";
    static final String CHALLENGER_SAYS = "transfer";

    /// Also where it answers in place of a challenger that failed.
    boolean hasChampion() {
        return !isCanary || isSelected || challengerFails;
    }

    boolean hasChallenger() {
        return isCanary || isSelected;
    }

    boolean isServedByChallenger() {
        return isCanary && !challengerFails;
    }

    String challengerLabel() {
        return agrees ? CHAMPION_SAYS : CHALLENGER_SAYS;
    }

    int pairingRateBp() {
        return stage == 0 ? 10_000 : 2_500;
    }

    Drawn at(long otherMs) {
        return new Drawn(
                rollout,
                stage,
                isCanary,
                device,
                deviceClass,
                isSelected,
                challengerFails,
                agrees,
                confidence,
                latencyUs,
                nanos,
                otherMs);
    }
}
