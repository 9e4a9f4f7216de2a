// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import io.edgewise.contracts.Names;
import java.util.ArrayList;
import java.util.List;

/// What is wrong with the slices of a guardrail, and with the budgets that they have of their own.
final class SliceFaults {
    static final String TIME = "must be microseconds, between 1 and 3600000000";

    private static final double LONGEST_MICROS = 3.6e9;

    private final List<String> faults = new ArrayList<>();

    private SliceFaults() {}

    /// `others`: whether a guardrail of the plan is asked of slices.
    static List<String> of(Guardrail guardrail, String path, boolean others) {
        SliceFaults found = new SliceFaults();
        found.slices(guardrail, path + ".slices", others);
        found.budgets(guardrail, path + ".budgets");
        return found.faults;
    }

    static boolean isTime(double micros) {
        return micros >= 1 && micros <= LONGEST_MICROS;
    }

    private void check(boolean holds, String path, String expected) {
        if (!holds) {
            faults.add(path + " " + expected);
        }
    }

    private void slices(Guardrail guardrail, String path, boolean others) {
        List<String> slices = guardrail.slices();
        check(
                !guardrail.kind().isOfSlices() || !slices.isEmpty(),
                path,
                "must name the attributes whose slices each keep the limit ([\"locale\"])");
        check(
                slices.isEmpty() || guardrail.kind().isOfSlices() || guardrail.kind() == GuardrailKind.BIAS_GAP,
                path,
                "are for the kinds SLICE_… and BIAS_GAP; leave them out");
        check(
                guardrail.kind() != GuardrailKind.BIAS_GAP || !others || !slices.isEmpty(),
                path,
                "must name the attributes whose groups are compared: beside guardrails of slices more is counted than"
                        + " what is sensitive");
        check(
                slices.size() <= SliceVerdict.MOST_ATTRIBUTES
                        && slices.stream().distinct().count() == slices.size()
                        && slices.stream().allMatch(Names::isValid),
                path,
                "must be at most " + SliceVerdict.MOST_ATTRIBUTES + " different names of attributes, not " + slices);
    }

    private void budgets(Guardrail guardrail, String path) {
        if (!guardrail.kind().isBudgetOfSlices()) {
            check(guardrail.budgets().isEmpty(), path, "are for SLICE_LATENCY and SLICE_FIRST_TOKEN; leave them out");
            return;
        }
        check(
                guardrail.budgets().size() <= SliceVerdict.FAMILY,
                path,
                "may be of at most " + SliceVerdict.FAMILY + " slices; the others have the limit");
        guardrail.budgets().forEach((slice, micros) -> {
            int equals = slice.indexOf('=');
            check(
                    equals > 0 && guardrail.slices().contains(slice.substring(0, equals)),
                    path + "." + slice,
                    "must name a slice of an attribute in slices, as \"device_class=kiosk\"");
            check(isTime(micros), path + "." + slice, TIME + ", not " + micros);
        });
    }
}
