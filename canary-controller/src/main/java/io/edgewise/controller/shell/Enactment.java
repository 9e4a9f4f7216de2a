// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import io.edgewise.contracts.audit.ChainLink;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.controller.Decision;
import io.edgewise.controller.Effect;
import io.edgewise.controller.Evidence;
import io.edgewise.controller.KeyCabinet;
import io.edgewise.controller.Orders;
import io.edgewise.controller.Pace;
import io.edgewise.controller.Rollout;
import io.edgewise.controller.Transition;
import io.edgewise.controller.Verdict;
import io.edgewise.runtime.jdbc.Sql;
import java.sql.SQLException;
import java.time.Instant;

/// Carries a transition out, in the transaction of its caller: the decision into the log, orders into the outbox, the
/// rollout's row and its verdicts. All of it happens or nothing.
final class Enactment {
    private static final double ALARMING = 0.5;

    private final RolloutRows rollouts;
    private final DecisionRows decisions = new DecisionRows();
    private final Signer signer;
    private final Pace pace;

    Enactment(RolloutRows rollouts, KeyCabinet keys, Pace pace) {
        this.rollouts = rollouts;
        this.signer = new Signer(keys);
        this.pace = pace;
    }

    /// A rollout that was not there before: its row first, since its decisions refer to it.
    Kept begin(Sql sql, Kept fresh, Transition transition, Instant now) throws SQLException {
        rollouts.insert(sql, fresh);
        return carryOut(sql, fresh, transition, now);
    }

    Kept carryOut(Sql sql, Kept before, Transition transition, Instant now) throws SQLException {
        return carryOut(sql, before, transition, new Heard(now, before.shown().alphaSpent(), true), now);
    }

    /// A transition that this evidence led to, of which a block may have been cut in this transaction.
    Kept carryOut(Sql sql, Kept before, Transition transition, Evidence evidence, boolean isCut, Instant now)
            throws SQLException {
        return carryOut(sql, before, transition, new Heard(evidence.heard(), evidence.alphaSpent(), isCut), now);
    }

    Kept carryOut(Sql sql, Kept before, Transition transition, Evidence evidence, Instant now) throws SQLException {
        return carryOut(sql, before, transition, evidence, true, now);
    }

    /// Of the evidence: when the newest came, what of alpha it spent, whether more of it is in this transaction.
    private record Heard(Instant at, double alphaSpent, boolean isCut) {}

    private Kept carryOut(Sql sql, Kept before, Transition transition, Heard heard, Instant now) throws SQLException {
        Rollout next = transition.next();
        boolean alarm = isAlarming(transition);
        Instant look = pace.next(next, heard.at(), alarm, now);
        boolean shows = transition.decides()
                || !next.carried().equals(before.rollout().carried())
                || pace.shows(before.shown().at(), heard.at(), now);
        if (transition.effects().isEmpty() && !shows) {
            rollouts.looked(sql, next.id().value(), now, look, alarm, heard.isCut());
            return before;
        }
        long revision = before.revision();
        for (Effect effect : transition.effects()) {
            if (effect instanceof Effect.Direct) {
                revision = rollouts.nextRevision(
                        sql, next.identity().tenant(), next.identity().workload());
            }
        }
        long number = before.decisions();
        String hash = before.lastHash();
        String last = before.lastDecision();
        for (Effect effect : transition.effects()) {
            switch (effect) {
                case Effect.Write write -> {
                    number++;
                    Decision decision = write.decision();
                    ChainLink link = new ChainLink(
                            next.id().value(),
                            number,
                            now.toEpochMilli(),
                            decision.kind().text(),
                            decision.actor(),
                            decision.stage(),
                            decision.shareBp(),
                            revision,
                            decision.sentence(),
                            decision.detail(),
                            hash);
                    decisions.append(sql, next.identity().tenant(), link);
                    Events.append(sql, next.identity(), link, now);
                    hash = link.hash();
                    last = decision.sentence();
                }
                case Effect.Direct direct -> direct(sql, before, next, direct, revision, now);
                case Effect.Renew renew -> lease(sql, before, next, revision, now);
            }
        }
        Kept after = new Kept(
                next,
                before.plan(),
                revision,
                number,
                hash,
                last,
                shows ? new Kept.Shown(transition.outlook(), now, heard.alphaSpent()) : before.shown());
        rollouts.update(sql, after, now, look, alarm);
        if (shows) {
            decisions.verdicts(sql, next.id().value(), transition.verdicts(), now);
        }
        return after;
    }

    private void direct(Sql sql, Kept before, Rollout next, Effect.Direct direct, long revision, Instant now)
            throws SQLException {
        Signed signed = Orders.sign(
                Orders.directive(next, before.plan(), revision, direct, now),
                signer.key(sql, next.identity().tenant()));
        Outbox.append(sql, key(next), signed.toByteArray(), now);
        if (next.isLeased()) {
            lease(sql, before, next, revision, now);
        }
    }

    private void lease(Sql sql, Kept before, Rollout next, long revision, Instant now) throws SQLException {
        Signed signed = Orders.sign(
                Orders.lease(next, before.plan(), revision, now),
                signer.key(sql, next.identity().tenant()));
        Outbox.append(sql, key(next) + "/lease", signed.toByteArray(), now);
    }

    private static String key(Rollout rollout) {
        Rollout.Identity identity = rollout.identity();
        return identity.tenant() + "/" + identity.workload() + "/" + identity.id();
    }

    private static boolean isAlarming(Transition transition) {
        for (Verdict verdict : transition.verdicts()) {
            if (verdict.evidence() > ALARMING * verdict.evidenceLimit() && verdict.evidenceLimit() > 0) {
                return true;
            }
        }
        return false;
    }
}
