// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import io.edgewise.cli.table.BadInput;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/// Options of every command that asks a server.
final class ServerOptions {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    @Option(
            names = "--server",
            paramLabel = "URL",
            defaultValue = "${env:EDGEWISE_SERVER:-http://127.0.0.1:8080}",
            description = "The server (EDGEWISE_SERVER; default ${DEFAULT-VALUE}).")
    String server = "";

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Holds the operator's token, as secrets/operator-token of the server does; otherwise "
                    + "EDGEWISE_TOKEN.")
    Optional<Path> tokenFile = Optional.empty();

    Server open() {
        return new Server(base(server), token(tokenFile, Optional.ofNullable(System.getenv("EDGEWISE_TOKEN"))));
    }

    /// A token is sent in the clear to this machine only.
    static URI base(String server) {
        URI base;
        try {
            base = new URI(server.endsWith("/") ? server.substring(0, server.length() - 1) : server);
        } catch (URISyntaxException e) {
            throw new BadInput("--server " + server + " is no URL; write https://edgewise.example.com.", e);
        }
        String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
        if (base.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
            throw new BadInput("--server " + server + " is no URL; write https://edgewise.example.com.");
        }
        if (scheme.equals("http") && !LOOPBACK.contains(base.getHost())) {
            throw new BadInput("--server " + server + " would send the token in the clear; write https://, or open a "
                    + "tunnel and use http://127.0.0.1:PORT.");
        }
        return base;
    }

    static String token(Optional<Path> file, Optional<String> environment) {
        if (file.isEmpty()) {
            return environment
                    .map(String::strip)
                    .filter(token -> !token.isEmpty())
                    .orElseThrow(() -> new BadInput("no token: set EDGEWISE_TOKEN, or give --token-file FILE (the "
                            + "server's is secrets/operator-token)."));
        }
        try {
            return Files.readString(file.get()).strip();
        } catch (IOException e) {
            throw new BadInput("--token-file " + file.get() + " cannot be read: " + e.getMessage(), e);
        }
    }
}
