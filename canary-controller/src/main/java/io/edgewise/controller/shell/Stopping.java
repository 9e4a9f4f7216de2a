// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.Fleet;
import io.edgewise.controller.HumanActs;
import io.edgewise.controller.Rollout;
import io.edgewise.controller.Transition;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/// Carries a stop out, on a rollout that the caller has locked. It asks for no evidence.
final class Stopping {
    private final RolloutRows rollouts;
    private final Looking looking;
    private final Enactment enactment;

    Stopping(RolloutRows rollouts, Looking looking, Enactment enactment) {
        this.rollouts = rollouts;
        this.looking = looking;
        this.enactment = enactment;
    }

    /// Empty where the champion serves already, or is on its way.
    Optional<Kept> carryOut(Sql sql, Kept kept, String who, String why, Instant now) throws SQLException {
        Rollout rollout = kept.rollout();
        Optional<Transition> back = HumanActs.stop(rollout, kept.plan(), fleet(sql, rollout, now), who, why, now);
        return back.isEmpty() ? Optional.empty() : Optional.of(enactment.carryOut(sql, kept, back.get(), now));
    }

    /// One rollout of a workload at a time can wait for its devices: where another one does, this one
    /// is over at once.
    private Fleet fleet(Sql sql, Rollout rollout, Instant now) throws SQLException {
        Rollout.Identity identity = rollout.identity();
        boolean another = rollouts.running(sql, identity.tenant(), identity.workload())
                .filter(running -> !running.equals(rollout.id().value()))
                .isPresent();
        return another ? Fleet.UNKNOWN : looking.fleet(sql, rollout, now);
    }
}
