// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.cli.shell.remote.Told;
import io.edgewise.cli.table.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `edgewise rollout`: rollouts of a server.
@Command(
        name = "rollout",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Start, look at and act on rollouts of a server.")
final class RolloutCommand {
    private static final String ROLLOUTS = "/api/v1/rollouts";

    private final Terminal terminal;

    RolloutCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "create",
            description = "Start a rollout, or write it down with --draft.",
            mixinStandardHelpOptions = true)
    int create(
            @Mixin Asking server,
            @Option(names = "--workload", required = true) String workload,
            @Option(names = "--champion", required = true, description = "A frontier's name, or build:NAME.")
                    String champion,
            @Option(names = "--challenger", required = true, description = "A build's name.") String challenger,
            @Option(
                            names = "--plan",
                            paramLabel = "FILE",
                            description = "YAML or JSON; the operating procedure otherwise.")
                    Optional<Path> plan,
            @Option(names = "--template", description = "standard, quick, hybrid, escalating, cautious, or your own.")
                    Optional<String> template,
            @Option(names = "--draft", description = "No device is told until it is started.") boolean draft) {
        ObjectNode body = server.object();
        body.put("workload", workload).put("challenger", challenger).put("draft", draft);
        boolean build = champion.startsWith("build:");
        body.putObject("champion").put(build ? "build" : "frontier", build ? champion.substring(6) : champion);
        ObjectNode given = plan.map(PlanCommand::read).orElseGet(server::object);
        template.ifPresent(name -> given.put("template", name));
        body.set("plan", given);
        return print(server, server.post(ROLLOUTS, "application/json", body.toString()));
    }

    @Command(name = "list", description = "The newest rollouts.", mixinStandardHelpOptions = true)
    int list(@Mixin Asking server) {
        JsonNode rollouts = server.get(ROLLOUTS);
        terminal.out().print(server.json() ? rollouts.toPrettyString() + "\n" : Told.list(rollouts));
        return 0;
    }

    @Command(name = "show", description = "Where it stands, and why.", mixinStandardHelpOptions = true)
    int show(@Mixin Asking server, @Parameters(paramLabel = "ROLLOUT") String rollout) {
        return print(server, server.get(ROLLOUTS + "/" + rollout));
    }

    @Command(
            name = "watch",
            description =
                    "Follow its decisions until it is over: exit code 0 when it is completed, 1 when it went back "
                            + "or was aborted, 2 when the server was lost. --json prints one object on each line.",
            mixinStandardHelpOptions = true)
    int watch(
            @Mixin Asking server,
            @Parameters(paramLabel = "ROLLOUT") String rollout,
            @Option(
                            names = "--patience",
                            paramLabel = "SECONDS",
                            defaultValue = "120",
                            description = "How long a lost server is tried again (default ${DEFAULT-VALUE}).")
                    int patience) {
        return new RolloutWatch(server, terminal, rollout, Duration.ofSeconds(patience)).follow();
    }

    @Command(name = "validated", description = "Tell the result of its offline set.", mixinStandardHelpOptions = true)
    int validated(
            @Mixin Asking server,
            @Parameters(paramLabel = "ROLLOUT") String rollout,
            @Option(names = "--examples", required = true) long examples,
            @Option(names = "--agreed", required = true) long agreed,
            @Option(names = "--why", defaultValue = "offline set") String why) {
        ObjectNode body = server.object();
        body.put("examples", examples).put("agreed", agreed).put("why", why);
        return print(
                server, server.post(ROLLOUTS + "/" + rollout + "/validation", "application/json", body.toString()));
    }

    @Command(name = "start", description = "Start a draft.", mixinStandardHelpOptions = true)
    int start(@Mixin Asking server, @Mixin ActOptions act) {
        return act(server, act, "start");
    }

    @Command(
            name = "approve",
            description = "One person's yes to the next step; the gates must hold all the same.",
            mixinStandardHelpOptions = true)
    int approve(@Mixin Asking server, @Mixin ActOptions act) {
        return act(server, act, "approve");
    }

    @Command(
            name = "pause",
            description = "Hold the share; a breach still rolls back.",
            mixinStandardHelpOptions = true)
    int pause(@Mixin Asking server, @Mixin ActOptions act) {
        return act(server, act, "pause");
    }

    @Command(name = "resume", description = "Go on; the stage's time begins again.", mixinStandardHelpOptions = true)
    int resume(@Mixin Asking server, @Mixin ActOptions act) {
        return act(server, act, "resume");
    }

    @Command(
            name = "promote",
            description = "To the next step past the gates, never past a breach.",
            mixinStandardHelpOptions = true)
    int promote(@Mixin Asking server, @Mixin ActOptions act) {
        return act(server, act, "promote");
    }

    @Command(name = "rollback", description = "Back to the champion.", mixinStandardHelpOptions = true)
    int rollback(@Mixin Asking server, @Mixin ActOptions act) {
        return act(server, act, "rollback");
    }

    @Command(
            name = "abort",
            description = "Back to the champion without a judgement of the build.",
            mixinStandardHelpOptions = true)
    int abort(@Mixin Asking server, @Mixin ActOptions act) {
        return act(server, act, "abort");
    }

    @Command(
            name = "retry",
            description = "The same build by the same plan once more, with the next share of its error.",
            mixinStandardHelpOptions = true)
    int retry(@Mixin Asking server, @Parameters(paramLabel = "ROLLOUT") String rollout) {
        return print(server, server.post(ROLLOUTS + "/" + rollout + "/retry", "application/json", "{}"));
    }

    /// What every act needs.
    static final class ActOptions {
        @Parameters(paramLabel = "ROLLOUT")
        private String rollout = "";

        @Option(names = "--why", required = true, description = "Goes into the log.")
        private String why = "";

        @Option(
                names = "--who",
                defaultValue = "${sys:user.name}",
                description = "Your name, where the token is not yours alone (default ${DEFAULT-VALUE}).")
        private String who = "";
    }

    private int act(Asking server, ActOptions act, String kind) {
        ObjectNode body = server.object();
        body.put("act", kind).put("who", act.who).put("why", act.why);
        return print(server, server.post(ROLLOUTS + "/" + act.rollout + "/acts", "application/json", body.toString()));
    }

    private int print(Asking server, JsonNode rollout) {
        terminal.out().print(server.json() ? rollout.toPrettyString() + "\n" : Told.rollout(rollout));
        return 0;
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new BadInput(file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
