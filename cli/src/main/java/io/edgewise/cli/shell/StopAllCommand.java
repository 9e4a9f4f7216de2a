// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.cli.table.BadInput;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `edgewise stop-all`: the kill switch.
@Command(
        name = "stop-all",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description =
                "Every workload, or one, to its champion at once; nothing leads away from it until the stop is lifted."
                        + " Exit code 1: some rollouts are not back yet.")
final class StopAllCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Asking server = new Asking();

    @Option(names = "--workload", description = "Only this one.")
    private Optional<String> workload = Optional.empty();

    @Option(names = "--why", description = "Goes into the log; required for a stop.")
    private Optional<String> why = Optional.empty();

    @Option(names = "--who", defaultValue = "${sys:user.name}", description = "Your name (default ${DEFAULT-VALUE}).")
    private String who = "";

    @Option(names = "--lift", description = "End the stop; needs an admin.")
    private boolean lift;

    StopAllCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (lift) {
            JsonNode _ = server.delete(
                    "/api/v1/stops?workload=" + URLEncoder.encode(workload.orElse(""), StandardCharsets.UTF_8));
            terminal.out().println("The stop is lifted; nothing moves by itself: start or retry rollouts.");
            return 0;
        }
        ObjectNode body = server.object();
        workload.ifPresent(name -> body.put("workload", name));
        body.put("who", who);
        body.put("why", why.orElseThrow(() -> new BadInput("--why says why; it goes into the log")));
        JsonNode answer = server.post("/api/v1/stops", "application/json", body.toString());
        answer.path("stopped")
                .forEach(each -> terminal.out()
                        .println(each.path("workload").asText() + "  revision "
                                + each.path("revision").asLong() + "  "
                                + each.path("sentence").asText()));
        answer.path("pending")
                .forEach(each -> terminal.out().println("pending: " + each.asText() + " (the next look stops it)"));
        terminal.out()
                .println(answer.path("stopped").size() + " rollouts brought back; the stop holds until it is lifted.");
        return answer.path("pending").isEmpty() ? 0 : 1;
    }
}
