// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.util.List;
import java.util.Optional;

/// Everything that the live page of one rollout is made of, read in one snapshot.
///
/// `slicesCut` says that there were too many slice rows to add up; then `slices` is empty. `accounts` is empty where
/// the sums took too long. `notes` tell what could not be read, and what to do.
public record RolloutData(
        Rows.Rollout rollout,
        List<Rows.Evidence> evidence,
        List<Rows.Evidence> slices,
        boolean slicesCut,
        List<Rows.Window> windows,
        List<Rows.Verdict> verdicts,
        List<Rows.Decision> decisions,
        List<Rows.Score> scores,
        List<Rows.Finding> findings,
        Books books,
        List<String> notes,
        Optional<Rows.Standing> standing,
        Longer longer) {
    /// Where the controller tells nothing of devices and alpha, and the charts are of the last hour.
    public RolloutData(
            Rows.Rollout rollout,
            List<Rows.Evidence> evidence,
            List<Rows.Evidence> slices,
            boolean slicesCut,
            List<Rows.Window> windows,
            List<Rows.Verdict> verdicts,
            List<Rows.Decision> decisions,
            List<Rows.Score> scores,
            List<Rows.Finding> findings,
            Books books,
            List<String> notes) {
        this(
                rollout,
                evidence,
                slices,
                slicesCut,
                windows,
                verdicts,
                decisions,
                scores,
                findings,
                books,
                notes,
                Optional.empty(),
                new Longer(Period.HOUR, List.of()));
    }

    public RolloutData {
        evidence = List.copyOf(evidence);
        slices = List.copyOf(slices);
        windows = List.copyOf(windows);
        verdicts = List.copyOf(verdicts);
        decisions = List.copyOf(decisions);
        scores = List.copyOf(scores);
        findings = List.copyOf(findings);
        notes = List.copyOf(notes);
    }

    /// What the charts are of where they reach back beyond the last hour, whose minutes are windows.
    public record Longer(Period period, List<Rows.Hour> hours) {
        public Longer {
            hours = List.copyOf(hours);
        }
    }

    /// What the tenant's spools recorded and what became of it.
    public record Books(List<Rows.Account> accounts, List<Rows.Counter> counters) {
        public Books {
            accounts = List.copyOf(accounts);
            counters = List.copyOf(counters);
        }
    }
}
