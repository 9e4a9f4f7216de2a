// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.Lease;
import io.edgewise.contracts.v1.Signed;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What devices are told, as messages.
public final class Orders {
    private Orders() {}

    public static Directive directive(Rollout rollout, Plan plan, long revision, Effect.Direct order, Instant now) {
        Rollout.Identity identity = rollout.identity();
        Phase phase = rollout.phase();
        int stage = phase.stageNumber();
        boolean pairs = mode(phase, plan) != Mode.MODE_CHAMPION_ONLY;
        Directive.Builder directive = Directive.newBuilder()
                .setTenant(identity.tenant())
                .setWorkload(identity.workload())
                .setRollout(identity.id().value())
                .setRevision(revision)
                .setIssuedAtMs(now.toEpochMilli())
                .setMode(mode(phase, plan))
                .setStage(stage)
                .setShareBp(rollout.shareBp(plan))
                .setSalt(identity.id().value())
                .setChampion(identity.champion().reference())
                .setChallenger(identity.challenger().reference())
                .setPairingCanaryBp(pairs ? plan.stage(stage).pairingCanaryBp() : 0)
                .setPairingControlBp(pairs ? plan.stage(stage).pairingControlBp() : 0)
                .putAllSelector(plan.conduct().selector())
                .setLeased(rollout.isLeased())
                .setApprovedBuild(approved(rollout, plan))
                .setReturnSpreadSeconds(order.returnSpreadSeconds())
                .setReason(order.reason())
                .setRepeatBp(pairs ? plan.conduct().repeatBp() : 0);
        if (pairs) {
            hybrid(stage, plan).ifPresent(terms -> directive.setHybrid(terms.message()));
        }
        return directive.build();
    }

    /// Shadow has the terms of the first canary stage: which of its pairs would be doubted then is
    /// marked on the device.
    private static Optional<HybridTerms> hybrid(int stage, Plan plan) {
        return plan.stage(Math.max(1, stage)).hybrid();
    }

    public static Lease lease(Rollout rollout, Plan plan, long revision, Instant now) {
        Rollout.Identity identity = rollout.identity();
        return Lease.newBuilder()
                .setTenant(identity.tenant())
                .setWorkload(identity.workload())
                .setRollout(identity.id().value())
                .setRevision(revision)
                .setIssue(rollout.lease().issue())
                .setIssuedAtMs(now.toEpochMilli())
                .setNotAfterMs(now.plus(Duration.ofMinutes(plan.terms().leaseMinutes()))
                        .toEpochMilli())
                .build();
    }

    public static Signed sign(Directive directive, SigningKeys keys) {
        return keys.sign(Signing.DIRECTIVE, directive.toByteArray());
    }

    public static Signed sign(Lease lease, SigningKeys keys) {
        return keys.sign(Signing.LEASE, lease.toByteArray());
    }

    private static Mode mode(Phase phase, Plan plan) {
        return switch (phase) {
            case Phase.Shadow shadow -> Mode.MODE_SHADOW;
            case Phase.Canary canary -> Mode.MODE_CANARY;
            case Phase.Paused paused -> mode(paused.at(), plan);
            case Phase.Watched watched -> Mode.MODE_CANARY;
            case Phase.Completed completed -> plan.conduct().hybrid() ? Mode.MODE_CANARY : Mode.MODE_APPROVED;
            case Phase.Draft draft -> Mode.MODE_CHAMPION_ONLY;
            case Phase.Validating validating -> Mode.MODE_CHAMPION_ONLY;
            case Phase.RollingBack rollingBack -> Mode.MODE_CHAMPION_ONLY;
            case Phase.RolledBack rolledBack -> Mode.MODE_CHAMPION_ONLY;
            case Phase.Aborted aborted -> Mode.MODE_CHAMPION_ONLY;
        };
    }

    /// The build that may serve when a lease has run out.
    private static String approved(Rollout rollout, Plan plan) {
        if (rollout.phase() instanceof Phase.Completed && !plan.conduct().hybrid()) {
            return rollout.identity().challenger().name();
        }
        return switch (rollout.identity().champion()) {
            case Model.Build build -> build.name();
            case Model.Frontier frontier -> "";
        };
    }
}
