// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.Directive;
import java.util.Map;

/// How an agent stands: what it obeys, and what it holds and sent.
public record AgentSnapshot(Observed observations, Observed feedback, Obeyed orders, String breaker, Totals totals) {
    /// One lane of the spool. `spoolDepth` counts records not yet acknowledged, `acknowledged` is the sequence up to
    /// which all are, `dropped` the sequences declared as never arriving.
    public record Observed(long epoch, long spoolDepth, long lastSeq, long acknowledged, long dropped) {}

    /// What is obeyed, and the refused orders by reason. `fallback` says why the mode is not followed to the letter.
    public record Obeyed(
            long revision, String mode, int stage, String rollout, String fallback, Map<String, Long> refused) {
        static String word(Directive directive) {
            return switch (directive.getMode()) {
                case MODE_CHAMPION_ONLY -> "champion-only";
                case MODE_SHADOW -> "shadow";
                case MODE_CANARY -> "canary";
                case MODE_APPROVED -> "approved";
                case MODE_UNSPECIFIED, UNRECOGNIZED -> "none";
            };
        }
    }

    /// Since the agent was opened: requests, answers that failed, mirrors shed under pressure, and observations that
    /// could not be written.
    public record Totals(long served, long failed, long shed, long unrecorded) {}

    public long spoolDepth() {
        return observations.spoolDepth() + feedback.spoolDepth();
    }

    public long lastSeq() {
        return observations.lastSeq();
    }

    public long acknowledged() {
        return observations.acknowledged();
    }

    public long dropped() {
        return observations.dropped();
    }

    public long shed() {
        return totals.shed();
    }

    public long revision() {
        return orders.revision();
    }

    public String mode() {
        return orders.mode();
    }

    public int stage() {
        return orders.stage();
    }

    public String rollout() {
        return orders.rollout();
    }

    public Map<String, Long> refused() {
        return orders.refused();
    }
}
