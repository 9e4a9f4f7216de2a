// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.controller.Act;
import io.edgewise.controller.Evidence;
import io.edgewise.controller.HumanActs;
import io.edgewise.controller.Phase;
import io.edgewise.controller.Rollout;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What people do to a rollout, in the transaction of its caller.
final class Acting {
    private static final Logger LOG = LoggerFactory.getLogger(Acting.class);

    private final String tenant;
    private final RolloutRows rollouts;
    private final Looking looking;
    private final Enactment enactment;

    Acting(String tenant, RolloutRows rollouts, Looking looking, Enactment enactment) {
        this.tenant = tenant;
        this.rollouts = rollouts;
        this.looking = looking;
        this.enactment = enactment;
    }

    /// `shared`: the name in the act is what somebody says, not what a token shows.
    Kept act(Sql sql, String rollout, Act act, boolean shared, Instant now) throws SQLException {
        if (act.kind().isOnward()) {
            Limits.forDecision(sql);
        } else {
            Limits.forTheWayBack(sql);
        }
        Kept kept = rollouts.lock(sql, tenant, rollout).orElseThrow(() -> unknown(rollout));
        boolean unseen = kept.rollout().phase().isPrivate() && act.kind() == Act.Kind.ABORT;
        if (!unseen) {
            refuseBesideAnother(sql, kept.rollout());
        }
        refuseOvertaken(sql, kept, act);
        if (act.kind().isOnward()) {
            refuseStopped(sql, kept.rollout());
            refuseNobodysYes(kept, act, shared);
            return looked(sql, kept, act, now);
        }
        Savepoint untouched = sql.connection().setSavepoint();
        try {
            return looked(sql, kept, act, now);
        } catch (Problem e) {
            throw e;
        } catch (SQLException | RuntimeException e) {
            LOG.warn(
                    "The evidence of {} cannot be looked at; what {} asks for is done without.", rollout, act.who(), e);
            sql.connection().rollback(untouched);
            return blind(sql, kept, act, e, now);
        }
    }

    /// The result of an offline set. It may begin a rollout, so what forbids that forbids it.
    Kept validated(Sql sql, String rollout, OfflineResult told, Instant now) throws SQLException {
        Limits.forDecision(sql);
        Kept kept = rollouts.lock(sql, tenant, rollout).orElseThrow(() -> unknown(rollout));
        refuseStopped(sql, kept.rollout());
        return switch (HumanActs.validated(
                kept.rollout(), kept.plan(), told.examples(), told.agreed(), told.who(), told.why(), now)) {
            case HumanActs.Answer.Refused refused -> throw Problem.conflict("the result is refused", refused.why());
            case HumanActs.Answer.Done done -> {
                if (done.transition().next().phase() instanceof Phase.Active) {
                    refuseBesideAnother(sql, kept.rollout());
                }
                yield enactment.carryOut(sql, kept, done.transition(), now);
            }
        };
    }

    record OfflineResult(long examples, long agreed, String who, String why) {}

    private Kept looked(Sql sql, Kept kept, Act act, Instant now) throws SQLException {
        Evidence evidence = looking.cut(sql, kept, looking.look(sql, kept, now), now);
        return switch (HumanActs.act(kept.rollout(), kept.plan(), evidence, act, now)) {
            case HumanActs.Answer.Refused refused -> throw refused(refused);
            case HumanActs.Answer.Done done -> enactment.carryOut(sql, kept, done.transition(), evidence, now);
        };
    }

    private Kept blind(Sql sql, Kept kept, Act act, Exception cause, Instant now) throws SQLException {
        String fault = "the evidence could not be looked at: " + cause.getMessage();
        return switch (HumanActs.blind(
                kept.rollout(), kept.plan(), looking.fleet(sql, kept.rollout(), now), fault, act, now)) {
            case HumanActs.Answer.Refused refused -> throw refused(refused);
            case HumanActs.Answer.Done done -> enactment.carryOut(sql, kept, done.transition(), now);
        };
    }

    private static Problem refused(HumanActs.Answer.Refused refused) {
        return Problem.conflict("the act is refused", refused.why());
    }

    private void refuseBesideAnother(Sql sql, Rollout rollout) throws SQLException {
        Optional<String> running =
                rollouts.running(sql, tenant, rollout.identity().workload());
        if (running.isPresent() && !running.get().equals(rollout.id().value())) {
            throw Problem.conflict(
                    "another rollout of this workload is running",
                    running.get() + " decides what its devices do; roll that one back or abort it");
        }
    }

    /// Whoever holds a shared token can say any name: it is nobody's second yes.
    private static void refuseNobodysYes(Kept kept, Act act, boolean shared) {
        boolean yes = act.kind() == Act.Kind.APPROVE || act.kind() == Act.Kind.PROMOTE;
        int asked = HumanActs.peopleAsked(kept.rollout(), kept.plan());
        if (yes && shared && asked > 1) {
            throw Problem.forbidden("the plan asks for " + asked
                    + " people here, and a shared token is nobody's own; each of them needs a token of their own:"
                    + " POST /api/v1/tokens");
        }
    }

    private void refuseStopped(Sql sql, Rollout rollout) throws SQLException {
        Optional<Stops.Stop> stop = Stops.of(sql, tenant, rollout.identity().workload());
        if (stop.isPresent()) {
            throw Problem.conflict("a stop holds", stop.get().sentence() + "; an admin lifts it: DELETE /api/v1/stops");
        }
    }

    private static void refuseOvertaken(Sql sql, Kept kept, Act act) throws SQLException {
        if (act.kind() != Act.Kind.ROLLBACK || !(kept.rollout().phase() instanceof Phase.Completed)) {
            return;
        }
        Optional<String> later = InForce.overtaking(sql, kept);
        if (later.isPresent()) {
            throw Problem.conflict(
                    "rollout " + later.get() + " of workload \""
                            + kept.rollout().identity().workload() + "\" is in force, not this one",
                    "roll back " + later.get() + ", or start a rollout of the build you want");
        }
    }

    static Problem unknown(String rollout) {
        return Problem.missing("rollout \"" + rollout + "\"", "GET /api/v1/rollouts lists those that are");
    }
}
