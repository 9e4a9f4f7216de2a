// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.edgewise.cli.shell.remote.Told;
import io.edgewise.cli.table.BadInput;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `edgewise plan`: plans before anything begins.
@Command(
        name = "plan",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Can a plan decide in time, what may it say, and which are there to start from.")
final class PlanCommand {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final String PLANS = "/api/v1/plans";

    private final Terminal terminal;

    PlanCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "check",
            description =
                    "Whether a plan reaches its verdicts in its time at the traffic expected. Exit code 1 where it is refused.",
            mixinStandardHelpOptions = true)
    int check(
            @Mixin Asking server,
            @Parameters(
                            paramLabel = "FILE",
                            arity = "0..1",
                            description = "YAML or JSON; the operating procedure otherwise.")
                    Optional<Path> plan,
            @Option(names = "--rate", required = true, description = "Requests per second of the whole fleet.")
                    double rate,
            @Option(names = "--devices", required = true) long devices,
            @Option(names = "--units", description = "Users on a device (default 1).") Optional<Double> units,
            @Option(names = "--truth", description = "Share of the answers that somebody judges (default 0.02).")
                    Optional<Double> truth,
            @Option(
                            names = "--expect",
                            paramLabel = "GUARDRAIL=VALUE",
                            description = "What a guardrail is expected to show.")
                    Map<String, Double> expected,
            @Option(names = "--workload", description = "For its budget and its policy.") Optional<String> workload) {
        ObjectNode body = server.object();
        body.set("plan", plan.map(PlanCommand::read).orElseGet(server::object));
        workload.ifPresent(name -> body.put("workload", name));
        ObjectNode traffic =
                body.putObject("traffic").put("requestsPerSecond", rate).put("devices", devices);
        units.ifPresent(value -> traffic.put("unitsPerDevice", value));
        truth.ifPresent(value -> traffic.put("truthShare", value));
        Map<String, Double> expectations = expected == null ? new LinkedHashMap<>() : expected;
        if (!expectations.isEmpty()) {
            expectations.forEach(traffic.putObject("expected")::put);
        }
        JsonNode answer = server.post(PLANS + "/check", "application/json", body.toString());
        terminal.out().print(server.json() ? answer.toPrettyString() + "\n" : Told.check(answer));
        return answer.path("verdict").asText().equals("REFUSE") ? 1 : 0;
    }

    @Command(name = "schema", description = "The JSON Schema of a plan.", mixinStandardHelpOptions = true)
    int schema(@Mixin Asking server) {
        terminal.out().print(server.text(PLANS + "/schema"));
        return 0;
    }

    @Command(name = "templates", description = "Plans to start from.", mixinStandardHelpOptions = true)
    int templates(@Mixin Asking server) {
        JsonNode all = server.get(PLANS + "/templates");
        if (server.json()) {
            terminal.out().println(all.toPrettyString());
            return 0;
        }
        all.forEach(each -> terminal.out()
                .println(each.path("name").asText() + "  version "
                        + each.path("version").asInt()));
        return 0;
    }

    @Command(name = "save", description = "Keep a plan as a template.", mixinStandardHelpOptions = true)
    int save(
            @Mixin Asking server,
            @Parameters(index = "0", paramLabel = "NAME") String name,
            @Parameters(index = "1", paramLabel = "FILE") Path plan) {
        JsonNode kept = server.put(
                PLANS + "/templates/" + name, "application/json", read(plan).toString());
        terminal.out()
                .println(kept.path("name").asText() + " version "
                        + kept.path("version").asInt());
        return 0;
    }

    /// YAML reads JSON too.
    static ObjectNode read(Path file) {
        try {
            if (YAML.readTree(RolloutCommand.read(file)) instanceof ObjectNode plan) {
                return plan;
            }
            throw new BadInput(file + " holds no plan: it must be an object with fields such as stages");
        } catch (JsonProcessingException e) {
            throw new BadInput(file + " is neither YAML nor JSON: " + e.getOriginalMessage(), e);
        }
    }
}
