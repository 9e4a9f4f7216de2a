// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.cli.shell.remote.Told;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `edgewise replay`: are the decisions what the stored evidence gives?
@Command(
        name = "replay",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = {
            "Compute a rollout's decisions once more from the stored evidence. Exit code 1 where one differs.",
            "With --plan: what another plan says on the same evidence, block by block."
        })
final class ReplayCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Asking server = new Asking();

    @Parameters(paramLabel = "ROLLOUT")
    private String rollout = "";

    @Option(names = "--plan", paramLabel = "FILE", description = "Another plan, YAML or JSON.")
    private Optional<Path> plan = Optional.empty();

    ReplayCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        String path = "/api/v1/rollouts/" + rollout + "/replay";
        Optional<ObjectNode> other = plan.map(PlanCommand::read);
        if (other.isPresent()) {
            ObjectNode body = server.object();
            body.set("plan", other.get());
            JsonNode answer = server.post(path, "application/json", body.toString());
            terminal.out().print(server.json() ? answer.toPrettyString() + "\n" : Told.changes(answer));
            return 0;
        }
        JsonNode answer = server.get(path);
        terminal.out().print(server.json() ? answer.toPrettyString() + "\n" : Told.replay(answer));
        return answer.path("same").asBoolean() ? 0 : 1;
    }
}
