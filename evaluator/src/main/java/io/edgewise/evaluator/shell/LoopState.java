// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.Inlet;
import io.edgewise.evaluator.LaneTotals;
import java.util.Map;

/// How an evaluator's partitions stood right after a flush.
///
/// @param held partitions that are read; `waiting` ones are about to be, `stopped` ones need an operator
/// @param lag records in the logs behind what was counted, where the client knows; by topic
/// @param countedThroughMs everything appended until then is counted and stored
/// @param accounts of all spools of the held partitions
/// @param groups strata, and workloads outside rollouts, that records came for lately
/// @param devices senders in memory
record LoopState(
        int held,
        int waiting,
        int stopped,
        Map<Inlet, Long> lag,
        long countedThroughMs,
        LaneTotals accounts,
        int groups,
        int devices) {
    /// What needs an operator's eyes but stops nothing; empty when all is well.
    String alarm() {
        StringBuilder alarm = new StringBuilder();
        if (accounts.imbalance() != 0) {
            alarm.append("; the accounts of devices are out by ")
                    .append(accounts.imbalance())
                    .append(": look for rows of evaluator.published_account whose imbalance is not 0 and report them");
        }
        if (accounts.lost() != 0) {
            alarm.append("; ")
                    .append(accounts.lost())
                    .append(" sequences never came and were given up: see \"lost\" in evaluator.published_account");
        }
        return alarm.toString();
    }
}
