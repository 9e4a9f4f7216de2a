// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What is left to say when the rollout has ended.
public record Summary(
        Scenario scenario,
        Ending ending,
        Duration took,
        List<Passage> passages,
        Optional<Decision> last,
        Reconciliation accounts,
        String console) {
    private static final int REASON = 100;

    public Summary {
        passages = List.copyOf(passages);
    }

    /// The rollout ended as the scenario promises, and the books balance.
    public boolean isGood() {
        return endedWell() && accounts.isExact();
    }

    private boolean endedWell() {
        return scenario.endedWell(ending, Passage.highestShareBp(passages), last);
    }

    public List<String> lines() {
        FleetFigures fleet = accounts.fleet();
        List<String> lines = new ArrayList<>();
        lines.add("");
        lines.add("Outcome    %s after %s (%s)"
                .formatted(
                        ending.words(),
                        Words.time(took),
                        endedWell() ? "as it should be" : "not as scenario " + scenario.title() + " should end"));
        lines.add("");
        lines.add("  entered after     share    stayed  decision");
        for (Passage passage : passages) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %13s  %8s  %8s  %s",
                    Words.time(passage.entered()),
                    Words.share(passage.shareBp()),
                    Words.time(passage.stayed()),
                    Words.cut(passage.why(), REASON)));
        }
        lines.add("");
        lines.add("Requests   %s sent, %s failed%s"
                .formatted(
                        Words.count(fleet.requests()),
                        Words.count(fleet.failed()),
                        fleet.skipped() == 0
                                ? ""
                                : ", " + Words.count(fleet.skipped()) + " not sent: this machine is too busy"));
        String label = "Accounts   ";
        for (String line : accounts.lines()) {
            lines.add(label + line);
            label = "           ";
        }
        if (!accounts.isExact()) {
            lines.add(label + "the accounts of app, devices and server differ: this is a fault, please report it");
        }
        lines.add("Console    " + console);
        lines.add("           " + Screen.HONESTY);
        return List.copyOf(lines);
    }
}
