// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.config.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/// `edgewise-agent doctor`
@Command(
        name = "doctor",
        description = "look at models, runtime, clock, disk, uplink and keys, and say what to do; ends with 1 where"
                + " something fails")
final class DoctorCommand implements Callable<Integer> {
    @CommandLine.ParentCommand
    private Main main = new Main();

    @CommandLine.Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        Settings settings = main.settings();
        LogLines.install(new Settings.Log(false, "error"));
        List<Doctor.Finding> findings = new Doctor(settings).look();
        PrintWriter out = spec.commandLine().getOut();
        for (Doctor.Finding finding : findings) {
            out.println(String.format(Locale.ROOT, "%-4s  %-24s  %s", finding.state(), finding.what(), finding.how()));
            if (!finding.act().isEmpty()) {
                out.println("      " + " ".repeat(26) + "→ " + finding.act());
            }
        }
        out.flush();
        return findings.stream().anyMatch(finding -> finding.state() == Doctor.State.FAIL) ? 1 : 0;
    }
}
