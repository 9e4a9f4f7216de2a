// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.edgewise.cli.shell.remote.Told;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `edgewise keys`: which keys sign what devices obey.
@Command(
        name = "keys",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "The keys that sign what devices obey: list them, announce a new one, retire an old one.",
        footer = {"", "Exit code: 0 done, 2 not. See docs/rollouts.md."})
final class KeysCommand {
    private final Terminal terminal;

    KeysCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(name = "list", description = "The keys and what they do.", mixinStandardHelpOptions = true)
    int list(@Mixin Asking server) {
        show(server, server.get("/api/v1/keys"));
        return 0;
    }

    @Command(
            name = "rotate",
            description =
                    "Announce a new key to all devices. It signs within seconds; the old ones still count. Needs an"
                            + " admin.",
            mixinStandardHelpOptions = true)
    int rotate(
            @Mixin Asking server,
            @Option(names = "--why", required = true, description = "Goes into the log.") String why,
            @Option(
                            names = "--key",
                            paramLabel = "ID",
                            description =
                                    "One whose signing-ID.key and .pub lie in the server's secrets folder already;"
                                            + " without it the server makes one.")
                    Optional<String> key) {
        ObjectNode body = server.object().put("why", why);
        key.ifPresent(id -> body.put("key", id));
        show(server, server.post("/api/v1/keys", "application/json", body.toString()));
        return 0;
    }

    @Command(
            name = "retire",
            description =
                    "What this key signs counts no more, for good. Orders that stand are signed again; manifests and"
                            + " reference sets are not. Needs an admin.",
            mixinStandardHelpOptions = true)
    int retire(
            @Mixin Asking server,
            @Parameters(paramLabel = "ID", description = "Which.") String id,
            @Option(names = "--why", required = true, description = "Goes into the log.") String why,
            @Option(
                            names = "--anyway",
                            description =
                                    "Though manifests or reference sets are still signed by it: for a stolen key.")
                    boolean anyway) {
        show(
                server,
                server.delete("/api/v1/keys/" + encoded(id) + "?why=" + encoded(why) + (anyway ? "&anyway=true" : "")));
        return 0;
    }

    private void show(Asking server, JsonNode keys) {
        if (server.json()) {
            terminal.out().println(keys.toPrettyString());
        } else {
            terminal.out().print(Told.keys(keys));
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
