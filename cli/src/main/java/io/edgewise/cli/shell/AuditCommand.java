// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.cli.shell.remote.AuditFile;
import io.edgewise.cli.table.BadInput;
import io.edgewise.contracts.audit.AuditReport;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `edgewise audit`: is the log of decisions what was written?
@Command(
        name = "audit",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Check the log of decisions and acts, on the server or on an export.")
final class AuditCommand {
    private final Terminal terminal;

    AuditCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Command(
            name = "verify",
            description = "Recompute all chains and checkpoints. Exit code 1 where something is not what was written.",
            mixinStandardHelpOptions = true)
    int verify(
            @Mixin Asking server,
            @Option(names = "--file", description = "An export; no server is asked.") Optional<Path> file,
            @Option(
                            names = "--key",
                            description = "The server's signing.pub, to check the checkpoints' signatures; again for "
                                    + "each key that signed since.")
                    @Nullable
                    List<Path> keys) {
        if (file.isEmpty()) {
            JsonNode report = server.get("/api/v1/audit");
            boolean intact = report.path("faults").isEmpty();
            terminal.out().println(report.toPrettyString());
            return intact ? 0 : 1;
        }
        AuditReport report = AuditFile.check(
                RolloutCommand.read(file.get())
                        .lines()
                        .filter(line -> !line.isBlank())
                        .toList(),
                keys == null ? List.of() : keys.stream().map(AuditCommand::key).toList());
        terminal.out().print(AuditFile.text(report));
        return report.isIntact() ? 0 : 1;
    }

    @Command(name = "export", description = "The whole log as lines of JSON.", mixinStandardHelpOptions = true)
    int export(@Mixin Asking server, @Option(names = "--out") Optional<Path> out) {
        Output.write(out, server.text("/api/v1/audit/export"), terminal.out());
        return 0;
    }

    @Command(name = "checkpoint", description = "Sign the heads of all chains now.", mixinStandardHelpOptions = true)
    int checkpoint(@Mixin Asking server) {
        terminal.out()
                .println(server.post("/api/v1/audit/checkpoints", "application/json", "{}")
                        .toPrettyString());
        return 0;
    }

    private static PublicKey key(Path file) {
        try {
            String pem = RolloutCommand.read(file).replaceAll("-----[A-Z ]+-----|\\s", "");
            return KeyFactory.getInstance("Ed25519")
                    .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(pem)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new BadInput(file + " is no Ed25519 public key in PEM; give the server's signing.pub", e);
        }
    }
}
