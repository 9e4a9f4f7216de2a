// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `edgewise revoke`: a device's token counts no more.
@Command(
        name = "revoke",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "A device's token counts no more, for good: ingest takes nothing from it and gives it no orders. "
                + "Its name is not given again. Needs an admin.",
        footer = {"", "Exit code: 0 done, 2 not. See docs/cli.md."})
final class RevokeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private Asking server = new Asking();

    @Option(names = "--device", paramLabel = "NAME", required = true, description = "Whose.")
    private String device = "";

    @Option(names = "--why", required = true, description = "Goes into the log.")
    private String why = "";

    RevokeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        JsonNode _ = server.delete("/api/v1/devices/" + encoded(device) + "?why=" + encoded(why));
        terminal.out().println(device + " is revoked; ingest hears of it within moments.");
        return 0;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
