// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.config.ConfigFailure;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.app.config.SettingsReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `edgewise-agent`: serves, unless another command is given.
@Command(
        name = "edgewise-agent",
        version = "edgewise-agent " + Backend.VERSION,
        mixinStandardHelpOptions = true,
        description = "OpenAI and Open Inference endpoints on localhost; the edge model or the frontier answers.",
        subcommands = {Main.Run.class, DoctorCommand.class, BenchCommand.class, RehearseCommand.class})
public final class Main implements Callable<Integer> {
    static final int UNUSABLE = 78;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            scope = CommandLine.ScopeType.INHERIT,
            defaultValue = "${env:EDGEWISE_CONFIG:-edgewise-agent.yaml}",
            description = "settings in YAML; ${DEFAULT-VALUE} unless said otherwise")
    private Path config = Path.of("edgewise-agent.yaml");

    Settings settings() throws ConfigFailure {
        return SettingsReader.load(config, System.getenv());
    }

    /// Without a command it serves.
    @Override
    public Integer call() throws Exception {
        Settings settings = settings();
        LogLines.install(settings.log());
        Sidecar sidecar = Sidecar.start(settings);
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(Thread.ofPlatform().name("edgewise-stop").unstarted(() -> {
                    sidecar.close();
                    stopped.countDown();
                }));
        stopped.await();
        return 0;
    }

    /// `edgewise-agent run`
    @Command(name = "run", description = "serve until told to stop; what happens without a command too")
    static final class Run implements Callable<Integer> {
        @CommandLine.ParentCommand
        private Main main = new Main();

        @Override
        public Integer call() throws Exception {
            return main.call();
        }
    }

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler((failure, line, parsed) -> report(failure, line));
    }

    /// What the operator can mend is said in a sentence; everything else with its trace.
    private static int report(Exception failure, CommandLine line) {
        switch (failure) {
            case ConfigFailure e -> line.getErr().println(e.getMessage());
            case IOException e -> line.getErr().println("edgewise-agent: " + e.getMessage());
            default -> failure.printStackTrace(line.getErr());
        }
        line.getErr().flush();
        return failure instanceof ConfigFailure ? UNUSABLE : 1;
    }
}
