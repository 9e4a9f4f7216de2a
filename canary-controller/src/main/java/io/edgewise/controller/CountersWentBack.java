// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// The evaluator's counters only grow; these did not, for example after an older backup was restored.
public final class CountersWentBack extends IllegalStateException {
    private static final long serialVersionUID = 1;

    CountersWentBack(String what) {
        super(what);
    }
}
