// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.agent.onnx.Labels;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.cli.table.BadInput;
import io.edgewise.contracts.v1.BuildManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `edgewise publish`: a build as devices fetch it.
@Command(
        name = "publish",
        sortOptions = false,
        mixinStandardHelpOptions = true,
        description = "Makes of a build what devices fetch: asks the model here a few questions whose answers it must "
                + "give on every device, has the manifest signed, and writes it beside the model's file. Any file "
                + "server may then give both (an agent's edge.fetch). The build must be registered.",
        footer = {"", "Exit code: 0 done, 2 not. See docs/cli.md."})
final class PublishCommand implements Callable<Integer> {
    private static final int MOST_GOLDEN = 1_000;

    private final Terminal terminal;

    @Mixin
    private Asking server = new Asking();

    @Option(
            names = "--models",
            paramLabel = "FOLDER",
            description = "A build of a folder with models.json and ONNX files: with --build, --labels, --workload.")
    private @Nullable Path models;

    @Option(names = "--build", paramLabel = "NAME", description = "The build in it.")
    private @Nullable String build;

    @Option(names = "--labels", paramLabel = "FILE", description = "The label set, as [{\"index\":0,\"intent\":…}].")
    private @Nullable Path labels;

    @Option(names = "--workload", paramLabel = "NAME", description = "Whose build it is.")
    private @Nullable String workload;

    @Option(
            names = "--manifest",
            paramLabel = "FILE",
            description = "Or a build of any kind: its manifest as JSON, with \"sha256\": \"file:NAME\" for each file "
                    + "that lies beside it.")
    private @Nullable Path described;

    @Option(
            names = "--golden",
            paramLabel = "FILE",
            required = true,
            description = "Requests, one on each line: what the model answers here it must answer on devices.")
    private Path golden = Path.of("");

    @Option(
            names = "--release",
            paramLabel = "NUMBER",
            description = "Counts up with every release of the workload (default: the manifest's, or 1).")
    private @Nullable Long release;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            required = true,
            description = "What the file server gives; made when it is missing.")
    private Path out = Path.of("");

    PublishCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        PublishDraft draft;
        try {
            draft = draft().answering(requests());
        } catch (IOException e) {
            throw new BadInput(String.valueOf(e.getMessage()), e);
        }
        BuildManifest manifest = draft.manifest();
        JsonNode signed = server.post(
                "/api/v1/manifests",
                "application/json",
                server.object()
                        .put("manifest", Base64.getEncoder().encodeToString(manifest.toByteArray()))
                        .toString());
        byte[] bytes = Base64.getDecoder().decode(signed.path("signed").asText());
        try {
            Files.createDirectories(out);
            for (Map.Entry<String, Path> file : draft.files().entrySet()) {
                Files.copy(file.getValue(), out.resolve(file.getKey()), StandardCopyOption.REPLACE_EXISTING);
            }
            // Last: whoever finds a manifest finds its files.
            Files.write(out.resolve(manifest.getBuild() + ".manifest"), bytes);
        } catch (IOException e) {
            throw new BadInput("--out " + out + " cannot be written: " + e.getMessage(), e);
        }
        terminal.out()
                .print(
                        server.json()
                                ? signed.toPrettyString() + "\n"
                                : manifest.getBuild() + ", release " + manifest.getRelease() + ", with "
                                        + manifest.getGoldenCount() + " golden cases, is in " + out
                                        + "; give the folder as an agent's edge.fetch.url.\n");
        return 0;
    }

    private PublishDraft draft() throws IOException {
        if (described != null) {
            if (models != null || build != null || labels != null || workload != null) {
                throw new BadInput(
                        "--manifest says all of a build: leave --models, --build, --labels and --workload" + " out");
            }
            return PublishDraft.described(described, release);
        }
        if (models == null || build == null || labels == null || workload == null) {
            throw new BadInput("say which build: --models, --build, --labels and --workload for one of a models.json,"
                    + " or --manifest for one of any kind");
        }
        return PublishDraft.installed(
                ModelManifest.load(models, build), Labels.load(labels), workload, release == null ? 1 : release);
    }

    private List<String> requests() throws IOException {
        List<String> texts = Files.readAllLines(golden).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (texts.isEmpty() || texts.size() > MOST_GOLDEN) {
            throw new BadInput(golden + " holds " + texts.size() + " requests; a manifest has 1 to " + MOST_GOLDEN);
        }
        return texts;
    }
}
