// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.features.FeatureSpec;
import io.edgewise.agent.onnx.Labels;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.edgewise.cli.table.BadInput;
import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.contracts.v1.GoldenCase;
import io.edgewise.contracts.v1.IntentHashSpec;
import io.edgewise.contracts.v1.Preprocessing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
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
    private static final double TOLERANCE = 0.02;

    private final Terminal terminal;

    @Mixin
    private Asking server = new Asking();

    @Option(
            names = "--models",
            paramLabel = "FOLDER",
            required = true,
            description = "Holds models.json and the ONNX files.")
    private Path models = Path.of("");

    @Option(names = "--build", paramLabel = "NAME", required = true, description = "The build in it.")
    private String build = "";

    @Option(
            names = "--labels",
            paramLabel = "FILE",
            required = true,
            description = "The label set, as [{\"index\":0,\"intent\":…}].")
    private Path labels = Path.of("");

    @Option(
            names = "--golden",
            paramLabel = "FILE",
            required = true,
            description = "Requests, one on each line: what the model answers here it must answer on devices.")
    private Path golden = Path.of("");

    @Option(names = "--workload", paramLabel = "NAME", required = true, description = "Whose build it is.")
    private String workload = "";

    @Option(
            names = "--release",
            paramLabel = "NUMBER",
            defaultValue = "1",
            description = "Counts up with every release of the workload (default ${DEFAULT-VALUE}).")
    private long release;

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
        BuildManifest manifest;
        Path model;
        try {
            ModelManifest installed = ModelManifest.load(models, build);
            model = installed.file();
            manifest = manifest(installed, Labels.load(labels));
        } catch (IOException e) {
            throw new BadInput(String.valueOf(e.getMessage()), e);
        }
        JsonNode signed = server.post(
                "/api/v1/manifests",
                "application/json",
                server.object()
                        .put("manifest", Base64.getEncoder().encodeToString(manifest.toByteArray()))
                        .toString());
        byte[] bytes = Base64.getDecoder().decode(signed.path("signed").asText());
        try {
            Files.createDirectories(out);
            Path file = out.resolve(manifest.getArtifacts(0).getSha256());
            Files.copy(model, file, StandardCopyOption.REPLACE_EXISTING);
            // Last: whoever finds a manifest finds its file.
            Files.write(out.resolve(build + ".manifest"), bytes);
        } catch (IOException e) {
            throw new BadInput("--out " + out + " cannot be written: " + e.getMessage(), e);
        }
        terminal.out()
                .print(
                        server.json()
                                ? signed.toPrettyString() + "\n"
                                : build + ", release " + release + ", with " + manifest.getGoldenCount()
                                        + " golden cases, is in " + out + "; give the folder as an agent's"
                                        + " edge.fetch.url.\n");
        return 0;
    }

    private BuildManifest manifest(ModelManifest model, List<String> names) throws IOException {
        BuildManifest.Builder manifest = BuildManifest.newBuilder()
                .setWorkload(workload)
                .setBuild(build)
                .setRelease(release)
                .setOutput("probabilities")
                .setConfidence("softmax")
                .setTolerance(TOLERANCE)
                .addAllLabels(names)
                .setPreprocessing(Preprocessing.newBuilder().setIntentHash(hash(model.features())))
                .addArtifacts(Artifact.newBuilder()
                        .setRuntime("onnxruntime")
                        .setProvider("cpu")
                        .setSha256(model.sha256())
                        .setBytes(model.bytes()));
        List<String> texts = Files.readAllLines(golden).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (texts.isEmpty() || texts.size() > MOST_GOLDEN) {
            throw new BadInput(golden + " holds " + texts.size() + " requests; a manifest has 1 to " + MOST_GOLDEN);
        }
        try (OnnxClassifier classifier = OnnxClassifier.open(model, names)) {
            for (String text : texts) {
                ModelAnswer answer = classifier.infer(text);
                manifest.addGolden(GoldenCase.newBuilder()
                        .setText(text)
                        .setLabel(answer.label())
                        .setConfidence(answer.confidence().orElse(0)));
            }
        }
        return manifest.build();
    }

    private static IntentHashSpec.Builder hash(FeatureSpec features) {
        return IntentHashSpec.newBuilder()
                .setInput("features")
                .setDim(features.dim())
                .setSeed(features.seed())
                .addAllWordNgrams(features.wordNgrams())
                .addAllCharNgrams(features.charNgrams())
                .setWordWeight(features.weights().word())
                .setWordsWeight(features.weights().words())
                .setCharactersWeight(features.weights().characters());
    }
}
