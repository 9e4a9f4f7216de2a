// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.privacy.PrivacyClass;
import io.edgewise.contracts.v1.RouterScore;
import java.util.Optional;
import java.util.OptionalDouble;

/// What besides the orders decides a request's route: where its text may go, how the device is doing, and
/// what the router's model says.
record Situation(Request request, PrivacyClass privacy, DeviceState state, Optional<RouterScore> score) {
    OptionalDouble guess() {
        return score.map(said -> OptionalDouble.of(said.getScore())).orElse(OptionalDouble.empty());
    }
}
