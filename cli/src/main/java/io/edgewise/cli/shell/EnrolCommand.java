// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.cli.table.BadInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `edgewise enrol`: what a device's agent needs, as files.
@Command(
        name = "enrol",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Writes what a device's agent needs to take part: its token, its feedback key and the key that "
                + "orders are signed with. The same device is given the same again. Needs an admin.",
        footer = {"", "Exit code: 0 done, 2 not. See docs/cli.md."})
final class EnrolCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Asking server = new Asking();

    @Option(names = "--device", paramLabel = "NAME", required = true, description = "Its name, pseudonymous.")
    private String device = "";

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            required = true,
            description = "Write the files there, readable by their owner only; made when it is missing.")
    private Path out = Path.of("");

    EnrolCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        JsonNode enrolled = server.post(
                "/api/v1/devices",
                "application/json",
                server.object().put("device", device).toString());
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new BadInput("--out " + out + " cannot be made: " + e.getMessage(), e);
        }
        write("token", enrolled.path("token").asText() + "\n");
        write("feedback-key", enrolled.path("feedbackKey").asText() + "\n");
        write("signing.pub", enrolled.path("signingKey").asText());
        if (server.json()) {
            terminal.out().println(enrolled.toPrettyString());
            return 0;
        }
        terminal.out().print("""
                %s is enrolled; its files are in %s. In edgewise-agent.yaml on the device:

                device: %s
                tenant: %s
                server:
                  url: …                    # where it reaches this server
                  token: {file: /etc/edgewise-agent/token}
                  feedback-key: {file: /etc/edgewise-agent/feedback-key}
                  signing-key: /etc/edgewise-agent/signing.pub
                """.formatted(
                        device, out, device, enrolled.path("tenant").asText()));
        return 0;
    }

    private void write(String name, String content) {
        Output.write(out.resolve(name), half -> Files.writeString(half, content));
    }
}
