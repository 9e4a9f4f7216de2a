// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Decisions as sentences: what, why, the decisive numbers, what comes next.
final class Telling {
    private Telling() {}

    static String started(Rollout rollout, Plan plan) {
        Rollout.Identity who = rollout.identity();
        return "Started: \"" + who.champion().name() + "\" serves everybody, \""
                + who.challenger().name() + "\" runs beside it in \""
                + plan.stage(0).name() + "\". " + next(0, plan) + waived(plan);
    }

    static String drafted(Rollout rollout, Plan plan) {
        return "Drafted: \"" + rollout.identity().challenger().name() + "\" against \""
                + rollout.identity().champion().name() + "\" by plan \"" + plan.name()
                + "\". No device knows of it. Next: a person starts it." + waived(plan);
    }

    static String validating(Rollout rollout, Plan plan, Conduct.Validation asked) {
        return "Validating: \"" + rollout.identity().challenger().name() + "\" must agree on "
                + Words.chosen(asked.minAgreement()) + " of an offline set of at least "
                + Words.count(asked.minExamples()) + " examples before a device runs it. Next: its result."
                + waived(plan);
    }

    static String watched(int from, Plan plan, List<Verdict> verdicts) {
        return "Promoted: every gate of \"" + plan.stage(from).name() + "\" is satisfied. "
                + decisive(plan.stage(from), plan, verdicts) + watchBegins(plan);
    }

    static String watchBegins(Plan plan) {
        return "It is watched for " + Words.seconds(plan.conduct().watchSeconds())
                + " with the champion still resident. Next: completion, or the way back on a late regression."
                + waived(plan);
    }

    static String watching(Instant end, Instant now, List<String> waits) {
        long left = Math.max(0, Duration.between(now, end).toSeconds());
        if (left > 0) {
            return "Watched for another " + Words.seconds(left) + "; a breach rolls it back.";
        }
        return waits.isEmpty()
                ? "Watched to the end."
                : "Its watch is over. Waits, before completion, for " + String.join("; ", waits) + ".";
    }

    static String aborted(Rollout rollout, Plan plan, String who, String why) {
        return who + " aborted it in \""
                + plan.stage(rollout.phase().stageNumber()).name() + "\", because: " + why
                + ". Every device returns to \"" + rollout.identity().champion().name() + "\"; the build is not judged."
                + waived(plan);
    }

    static String returning(boolean abandoned, Fleet fleet, Instant end) {
        return (abandoned ? "Aborting: " : "Rolling back: ")
                + Words.count(fleet.unconfirmed(), "device has", "devices have")
                + " not confirmed the champion yet, of " + Words.count(fleet.known()) + "; "
                + Words.count(fleet.awaited(), "was", "were") + " heard of lately. " + absent(fleet, end);
    }

    static String confirmed(boolean abandoned, Fleet fleet, Instant end, Instant now) {
        String done = abandoned ? "Aborted" : "Rolled back";
        if (fleet.unconfirmed() == 0) {
            return done + " everywhere: all " + Words.count(fleet.known(), "device", "devices")
                    + " that were seen obey the champion.";
        }
        String open = Words.count(fleet.unconfirmed(), "device has", "devices have") + " not confirmed, of "
                + Words.count(fleet.known());
        if (now.isBefore(end)) {
            return done + " on every device that is online: " + open + ", and not been heard of lately. "
                    + absent(fleet, end);
        }
        return done + ": " + open
                + (fleet.approved() == fleet.unconfirmed()
                        ? "."
                        : "; no lease of the challenger can be alive there any more.")
                + approved(fleet);
    }

    /// What becomes of those that cannot be reached.
    private static String absent(Fleet fleet, Instant end) {
        return (fleet.approved() == fleet.unconfirmed()
                        ? ""
                        : "One that cannot be reached returns when its lease runs out, by " + end + ".")
                + approved(fleet);
    }

    private static String approved(Fleet fleet) {
        return fleet.approved() == 0
                ? ""
                : " The challenger was approved on " + Words.count(fleet.approved())
                        + " of them: such a device returns when it asks for orders.";
    }

    static String approvals(Rollout rollout) {
        return rollout.carried().approvals().isEmpty()
                ? ""
                : " Approved by " + String.join(", ", rollout.carried().approvals()) + ".";
    }

    static String promoted(int from, Plan plan, List<Verdict> verdicts) {
        Stage next = plan.stage(from + 1);
        return "Promoted from \"" + plan.stage(from).name() + "\" to \"" + next.name() + "\" ("
                + Words.chosen(plan.shareBp(from + 1) / 10_000.0) + " of the users" + doubted(next)
                + "): every gate is satisfied. "
                + decisive(plan.stage(from), plan, verdicts) + next(from + 1, plan) + waived(plan);
    }

    private static String doubted(Stage stage) {
        return stage.hybrid()
                .map(terms -> "; the frontier is asked " + terms.words())
                .orElse("");
    }

    static String completed(Rollout rollout, int from, Plan plan, List<Verdict> verdicts) {
        return "Completed after \"" + plan.stage(from).name() + "\": \""
                + rollout.identity().challenger().name()
                + "\" is approved for everybody. " + decisive(plan.stage(from), plan, verdicts)
                + "Next: nothing; it stays approved until another rollout or a roll-back." + waived(plan);
    }

    static String rolledBack(Rollout rollout, Plan plan, String why, int spreadSeconds) {
        return "Rolled back from \"" + plan.stage(rollout.phase().stageNumber()).name() + "\": " + why
                + " Every device returns to \"" + rollout.identity().champion().name() + "\" "
                + (spreadSeconds == 0 ? "at once" : "within " + Words.seconds(spreadSeconds))
                + ". Next: nothing by itself; start a new rollout with a better build." + waived(plan);
    }

    static String undecided(int stage, Plan plan, List<String> waits) {
        return "the time of \"" + plan.stage(stage).name() + "\" ("
                + Words.seconds(plan.stage(stage).maxSeconds()) + ") is over without: " + String.join("; ", waits)
                + ".";
    }

    static String changed(Plan plan, Map<String, String> before, Map<String, String> after, List<Verdict> verdicts) {
        StringBuilder text = new StringBuilder();
        for (Verdict verdict : verdicts) {
            String was = before.getOrDefault(verdict.name(), Outcome.NO_EVIDENCE.text());
            if (!was.equals(after.get(verdict.name()))) {
                text.append(verdict.sentence()).append(" (before: ").append(was).append(") ");
            }
        }
        note(text, before, after, RolloutMachine.DRIFT, "Drift holds promotion: ", "Drift no longer holds promotion. ");
        note(text, before, after, RolloutMachine.FAULT, "The measurement is broken: ", "The measurement works again. ");
        return text.toString().strip() + waived(plan);
    }

    private static void note(
            StringBuilder text,
            Map<String, String> before,
            Map<String, String> after,
            String key,
            String begins,
            String ends) {
        String was = before.getOrDefault(key, "");
        String is = after.getOrDefault(key, "");
        if (!was.equals(is)) {
            text.append(is.isEmpty() ? ends : begins + is + ". ");
        }
    }

    static String outlook(int stage, Plan plan, List<String> waits) {
        String target = stage == plan.lastStage()
                ? plan.conduct().watchSeconds() > 0 ? "its watch" : "completion"
                : "\"" + plan.stage(stage + 1).name() + "\"";
        return waits.isEmpty()
                ? "Ready for " + target + "."
                : "Waits, before " + target + ", for " + String.join("; ", waits) + ".";
    }

    /// Where nobody is control any more: how old the control is that relative guardrails compare with.
    static String control(int stage, Plan plan, Evidence evidence, Instant now) {
        if (plan.shareBp(stage) < 10_000) {
            return "";
        }
        return evidence.lastControl()
                .map(last -> Duration.between(last, now).toSeconds())
                .filter(age -> age > plan.terms().freshnessSeconds())
                .map(age -> " Relative guardrails compare with the control as it was last seen, " + Words.seconds(age)
                        + " ago.")
                .orElse("");
    }

    static String next(int stage, Plan plan) {
        String target = stage == plan.lastStage()
                ? plan.conduct().watchSeconds() > 0 ? "its watch" : "completion"
                : "\"" + plan.stage(stage + 1).name() + "\"";
        return "Next: " + target + " once the gates of \"" + plan.stage(stage).name() + "\" hold, not before "
                + Words.seconds(plan.stage(stage).minSeconds()) + ".";
    }

    static String waived(Plan plan) {
        if (plan.waivers().isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder(" Waived: ");
        plan.waivers()
                .forEach((guardrail, reason) ->
                        text.append(guardrail).append(" (").append(reason).append("), "));
        return text.substring(0, text.length() - 2) + ".";
    }

    /// The gate that was asked the most of: the SAFE with the least to spare.
    private static String decisive(Stage stage, Plan plan, List<Verdict> verdicts) {
        Optional<Verdict> least = verdicts.stream()
                .filter(verdict -> stage.gates().get(verdict.name()) == Gate.SAFE && !plan.isWaived(verdict.name()))
                .min(Comparator.comparingDouble(verdict -> verdict.promotion() - verdict.promotionLimit()));
        return least.map(verdict -> "Closest: " + verdict.sentence() + " ").orElse("");
    }
}
