// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.cli.table.BadInput;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The `edgewise` command.
@Command(
        name = "edgewise",
        mixinStandardHelpOptions = true,
        version = "edgewise 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        description = "Was it ever good enough, and has the world moved? Answers from files you already have; and data "
                + "of a server for the next training.")
public final class Main {
    private static final int BAD = 2;

    /// The library that reads Parquet says on each run how it computes. Kept here, since loggers are else forgotten.
    private static final Logger PARQUET = Logger.getLogger("dev.hardwood");

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(run(
                arguments,
                new Terminal(
                        new PrintWriter(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
                        new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                        Boolean.getBoolean("edgewise.terminal"),
                        System::nanoTime)));
    }

    /// The exit code: 0 done, 1 as `--fail-on` says, 2 bad usage or a bad file.
    static int run(String[] arguments, Terminal terminal) {
        PARQUET.setLevel(Level.WARNING);
        CommandLine line = new CommandLine(new Main())
                .addSubcommand(new Drift(terminal))
                .addSubcommand(new Validate(terminal))
                .addSubcommand(new Export(terminal))
                .addSubcommand(new PublishCommand(terminal))
                .addSubcommand(new EnrolCommand(terminal))
                .addSubcommand(new RevokeCommand(terminal))
                .addSubcommand(new KeysCommand(terminal))
                .addSubcommand(new ReferenceCommand(terminal))
                .addSubcommand(new RolloutCommand(terminal))
                .addSubcommand(new PlanCommand(terminal))
                .addSubcommand(new AuditCommand(terminal))
                .addSubcommand(new ReplayCommand(terminal))
                .addSubcommand(new StopAllCommand(terminal))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setOut(terminal.out())
                .setErr(terminal.err())
                .setParameterExceptionHandler((failure, given) -> {
                    CommandLine command = failure.getCommandLine();
                    String name = command.getCommandSpec().qualifiedName();
                    terminal.err().println(name + ": " + failure.getMessage());
                    terminal.err().println(name + " --help says what there is");
                    return BAD;
                })
                .setExecutionExceptionHandler((failure, command, result) -> {
                    if (failure instanceof BadInput) {
                        terminal.err().println("edgewise " + command.getCommandName() + ": " + failure.getMessage());
                        return BAD;
                    }
                    throw failure;
                });
        int code;
        try {
            code = arguments.length == 0 ? usage(line) : line.execute(arguments);
        } catch (OutOfMemoryError e) {
            terminal.err()
                    .println("edgewise: the memory given to Java was not enough; set EDGEWISE_HEAP=2g and try "
                            + "again, or leave columns out.");
            code = BAD;
        }
        terminal.out().flush();
        terminal.err().flush();
        return code;
    }

    private static int usage(CommandLine line) {
        line.usage(line.getOut());
        return BAD;
    }
}
