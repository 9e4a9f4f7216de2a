// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What is wrong with how a plan is to be carried out.
final class ConductFaults {
    private static final long LONGEST_WATCH = 90L * 24 * 3600;
    private static final int MOST_BLACKOUTS = 50;
    private static final int MOST_ATTRIBUTES = 8;

    private final List<String> faults = new ArrayList<>();

    private ConductFaults() {}

    static List<String> of(Conduct conduct, List<Stage> stages) {
        ConductFaults found = new ConductFaults();
        conduct.validation().ifPresent(found::validation);
        conduct.noEvidence()
                .ifPresent(policy -> found.check(
                        policy.afterSeconds() >= 30 && policy.afterSeconds() <= 30L * 86_400,
                        "noEvidence.afterSeconds",
                        "must lie between 30 and 2592000, not " + policy.afterSeconds()));
        conduct.noEvidence()
                .ifPresent(policy -> found.check(
                        policy.then() != OnUndecided.EXTEND,
                        "noEvidence.then",
                        "must be HOLD or ROLLBACK: waiting longer is what happened already"));
        found.check(
                conduct.blackouts().size() <= MOST_BLACKOUTS,
                "blackouts",
                "may be at most " + MOST_BLACKOUTS + ", not "
                        + conduct.blackouts().size());
        found.exposure(conduct.exposure());
        found.selector(conduct);
        found.check(
                conduct.watchSeconds() >= 0 && conduct.watchSeconds() <= LONGEST_WATCH,
                "watchSeconds",
                "must lie between 0 and " + LONGEST_WATCH + ", not " + conduct.watchSeconds());
        found.check(
                conduct.repeatBp() >= 0 && conduct.repeatBp() <= 10_000,
                "repeatBp",
                "must lie between 0 and 10000 (100 is 1 % of the pairs), not " + conduct.repeatBp());
        found.holdback(conduct, stages);
        return found.faults;
    }

    private void check(boolean holds, String path, String expected) {
        if (!holds) {
            faults.add(path + " " + expected);
        }
    }

    private void validation(Conduct.Validation validation) {
        check(
                validation.minExamples() >= 20 && validation.minExamples() <= 1_000_000,
                "validation.minExamples",
                "must lie between 20 and 1000000, not " + validation.minExamples());
        check(
                validation.minAgreement() > 0 && validation.minAgreement() < 1,
                "validation.minAgreement",
                "must lie between 0 and 1 (85 % is 0.85), not " + validation.minAgreement());
    }

    private void exposure(Exposure exposure) {
        positive(exposure.devices(), "maxExposure.devices");
        positive(exposure.requests(), "maxExposure.requests");
        positive(exposure.minutes(), "maxExposure.minutes");
        positive(exposure.costNanos(), "costBudgetNanos");
    }

    private void positive(OptionalLong limit, String path) {
        check(
                limit.isEmpty() || limit.getAsLong() >= 1,
                path,
                "must be at least 1; leave it out where there is no limit");
    }

    private void selector(Conduct conduct) {
        check(
                conduct.selector().size() <= MOST_ATTRIBUTES,
                "selector",
                "may ask for at most " + MOST_ATTRIBUTES + " attributes");
        conduct.selector()
                .forEach((attribute, value) -> check(
                        attribute.matches("[a-z][a-z0-9_.-]{0,63}") && !value.isBlank() && value.length() <= 128,
                        "selector." + attribute,
                        "must be an attribute (a-z 0-9 _ . -) with a value of 1 to 128 characters"));
    }

    private void holdback(Conduct conduct, List<Stage> stages) {
        check(
                conduct.holdbackBp() >= 0 && conduct.holdbackBp() <= 5_000,
                "holdbackBp",
                "must lie between 0 and 5000 (100 is 1 %), not " + conduct.holdbackBp());
        if (conduct.holdbackBp() > 0 && stages.size() >= 2) {
            int before = stages.get(stages.size() - 2).shareBp();
            int last = stages.getLast().shareBp() - conduct.holdbackBp();
            check(
                    last > before,
                    "holdbackBp",
                    "leaves " + last + " for the last stage, which is not above the stage before, " + before);
        }
    }
}
