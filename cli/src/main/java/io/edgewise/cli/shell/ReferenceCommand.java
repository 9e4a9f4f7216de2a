// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.cli.pairs.RoleMap;
import io.edgewise.cli.table.BadInput;
import io.edgewise.cli.table.Rows;
import io.edgewise.cli.table.Table;
import io.edgewise.contracts.ReferenceFaults;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `edgewise reference`.
@Command(
        name = "reference",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Has a labelled set signed by the server, for devices to answer once a day: their accuracy on it "
                + "is what makes a build due for retraining.",
        footer = {
            "",
            "Roles of --map: text, truth, item (columns of these names otherwise). The item names an example for good; "
                    + "without one its place does.",
            FileOptions.FILES,
            "Exit code: 0 done, 2 not. See docs/cli.md."
        })
final class ReferenceCommand implements Callable<Integer> {
    private static final List<String> ROLES = List.of("text", "truth", "item");
    /// Fewer say little: five points of them are some answers.
    private static final int FEW = 100;
    /// What a server takes in one request.
    private static final int MOST_BYTES = 5_000_000;
    private static final int MOST_EXAMPLES = ReferenceFaults.MAX_EXAMPLES;

    private final Terminal terminal;

    @Mixin
    private Asking server = new Asking();

    @Option(
            names = "--set",
            paramLabel = "FILE",
            required = true,
            description = "Requests with their truth, one per row.")
    private Path set = Path.of("");

    @Option(names = "--map", paramLabel = "ROLE=COLUMN", split = ",", description = "Which column holds what.")
    private List<String> map = new ArrayList<>();

    @Option(names = "--workload", paramLabel = "NAME", required = true, description = "Whose set it is.")
    private String workload = "";

    @Option(names = "--name", paramLabel = "NAME", required = true, description = "What figures will call it.")
    private String name = "";

    @Option(
            names = "--set-version",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Of the set (default ${DEFAULT-VALUE}).")
    private long version;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "Write the signed set there: an agent's edge.reference.")
    private Path out = Path.of("");

    @Mixin
    private TableOptions tables = new TableOptions();

    ReferenceCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Output.check(Optional.of(out), List.of(set));
        ObjectNode body =
                server.object().put("workload", workload).put("name", name).put("version", version);
        int examples = examples(body.putArray("examples"));
        String json = body.toString();
        if (json.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new BadInput(set + " holds more than the 5 MB that a server takes at once ("
                    + String.format(Locale.ROOT, "%,d", examples) + " examples); take a sample of it.");
        }
        if (examples < FEW) {
            terminal.err()
                    .println("note: " + examples + " examples are few; a fall of five points is shown by 100 or more.");
        }
        JsonNode signed = server.post("/api/v1/references", "application/json", json);
        byte[] bytes = Base64.getDecoder().decode(signed.path("signed").asText());
        Output.write(out, half -> Files.write(half, bytes));
        terminal.out()
                .print(
                        server.json()
                                ? signed.toPrettyString() + "\n"
                                : String.format(
                                        Locale.ROOT,
                                        "%s, version %d: %,d examples, signed, in %s%n"
                                                + "Give the file to devices and name it as edge.reference.%n",
                                        signed.path("reference").asText(),
                                        signed.path("version").asLong(),
                                        signed.path("examples").asInt(),
                                        out));
        return 0;
    }

    private int examples(ArrayNode examples) {
        RoleMap roles = RoleMap.of("a reference set", ROLES, map);
        Table table = Inputs.open(set, tables.table(), tables.missing, terminal.progress());
        try (Rows rows = table.rows()) {
            int text = rows.column(roles.column("text").orElse("text"));
            int truth = rows.column(roles.column("truth").orElse("truth"));
            Optional<Integer> item = roles.column("item")
                    .or(() -> Optional.of("item").filter(rows.columns()::contains))
                    .map(rows::column);
            while (rows.next()) {
                if (examples.size() == MOST_EXAMPLES) {
                    throw new BadInput(rows.where() + ": a reference set has at most " + MOST_EXAMPLES
                            + " examples; take a sample.");
                }
                ObjectNode example =
                        examples.addObject().put("text", present(rows, text)).put("truth", present(rows, truth));
                item.ifPresent(column -> example.put("item", present(rows, column)));
            }
        }
        if (examples.isEmpty()) {
            throw new BadInput(set + " has no rows; a reference set holds at least one example.");
        }
        return examples.size();
    }

    private static String present(Rows rows, int column) {
        if (rows.isMissing(column)) {
            throw rows.bad(column, "is empty; a reference set holds only whole examples.");
        }
        return rows.strictText(column);
    }
}
