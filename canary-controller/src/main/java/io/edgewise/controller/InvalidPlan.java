// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.util.List;

/// A plan that must not be started, with everything that is wrong with it.
public final class InvalidPlan extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final transient List<String> faults;

    InvalidPlan(List<String> faults) {
        super("the plan has " + faults.size() + (faults.size() == 1 ? " fault: " : " faults: ")
                + String.join("; ", faults));
        this.faults = List.copyOf(faults);
    }

    public List<String> faults() {
        return faults;
    }
}
