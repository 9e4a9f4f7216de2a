// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.features.FeatureSpec;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxLoader;
import io.edgewise.cli.table.BadInput;
import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.contracts.v1.GoldenCase;
import io.edgewise.contracts.v1.HuggingFaceTokenizer;
import io.edgewise.contracts.v1.IntentHashSpec;
import io.edgewise.contracts.v1.Preprocessing;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A build's manifest that nobody has signed yet, and its files by their digests.
record PublishDraft(BuildManifest manifest, Map<String, Path> files) {
    private static final double TOLERANCE = 0.02;
    private static final String FILE = "file:";
    private static final String CPU = "cpu";

    PublishDraft {
        files = Map.copyOf(files);
    }

    /// A build of a `models.json`: text features made by `intent-hash-v1`, one file for every device.
    static PublishDraft installed(ModelManifest model, List<String> labels, String workload, long release) {
        BuildManifest manifest = BuildManifest.newBuilder()
                .setWorkload(workload)
                .setBuild(model.build())
                .setRelease(release)
                .setOutput("probabilities")
                .setConfidence("softmax")
                .setTolerance(TOLERANCE)
                .addAllLabels(labels)
                .setPreprocessing(Preprocessing.newBuilder().setIntentHash(hash(model.features())))
                .addArtifacts(Artifact.newBuilder()
                        .setRuntime(OnnxLoader.RUNTIME)
                        .setProvider(CPU)
                        .setSha256(model.sha256())
                        .setBytes(model.bytes()))
                .build();
        return new PublishDraft(manifest, Map.of(model.sha256(), model.file()));
    }

    /// A build that its author describes, with any preprocessing and a file for each kind of device. A digest
    /// may be given as `file:NAME`, of a file beside the description.
    static PublishDraft described(Path description, @Nullable Long release) throws IOException {
        BuildManifest.Builder manifest = BuildManifest.newBuilder();
        try {
            JsonFormat.parser().merge(Files.readString(description), manifest);
        } catch (InvalidProtocolBufferException e) {
            throw new BadInput(
                    description + " is no manifest as JSON: " + e.getMessage() + " (docs/agent.md shows one)", e);
        }
        if (release != null || manifest.getRelease() == 0) {
            manifest.setRelease(release == null ? 1 : release);
        }
        if (manifest.getTolerance() == 0) {
            manifest.setTolerance(TOLERANCE);
        }
        Beside beside = new Beside(description.toAbsolutePath().normalize(), new LinkedHashMap<>());
        for (Artifact.Builder artifact : manifest.getArtifactsBuilderList()) {
            artifact.setSha256(beside.digest(artifact.getSha256(), "an artifact's sha256"));
            artifact.setBytes(beside.bytes(artifact.getSha256(), artifact.getBytes()));
        }
        if (manifest.getPreprocessing().hasHuggingFace()) {
            HuggingFaceTokenizer.Builder tokenizer =
                    manifest.getPreprocessingBuilder().getHuggingFaceBuilder();
            tokenizer.setSha256(beside.digest(tokenizer.getSha256(), "the tokenizer's sha256"));
            tokenizer.setBytes(beside.bytes(tokenizer.getSha256(), tokenizer.getBytes()));
        }
        return new PublishDraft(manifest.build(), beside.files);
    }

    /// With what the model answers on this machine's processor, loaded as devices load it, for its golden cases.
    PublishDraft answering(List<String> texts) throws IOException {
        Artifact artifact = onProcessor();
        Path workshop = Files.createTempDirectory("edgewise-publish");
        BuildManifest.Builder answered = manifest.toBuilder().clearGolden();
        try {
            // The runtime writes beside the file that it loads.
            Path model = Files.copy(Objects.requireNonNull(files.get(artifact.getSha256())), workshop.resolve("model"));
            try (EdgeModel loaded = new OnnxLoader((event, detail) -> {}).load(manifest, artifact, model, files)) {
                for (String text : texts) {
                    ModelAnswer answer = loaded.infer(text);
                    answered.addGolden(GoldenCase.newBuilder()
                            .setText(text)
                            .setLabel(answer.label())
                            .setConfidence(answer.confidence().orElse(0)));
                }
            }
        } finally {
            delete(workshop);
        }
        return new PublishDraft(answered.build(), files);
    }

    private Artifact onProcessor() {
        return manifest.getArtifactsList().stream()
                .filter(each -> each.getRuntime().equals(OnnxLoader.RUNTIME)
                        && each.getProvider().equals(CPU)
                        && files.containsKey(each.getSha256()))
                .findFirst()
                .orElseThrow(() -> new BadInput("build " + manifest.getBuild() + " has no artifact for the runtime "
                        + OnnxLoader.RUNTIME + " and the provider " + CPU + " with a file here: it answers the"
                        + " golden requests, and is what a device falls back to"));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
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

    /// The files beside a description, by their digests as they are read.
    private record Beside(Path description, Map<String, Path> files) {
        String digest(String given, String what) throws IOException {
            if (!given.startsWith(FILE)) {
                return given;
            }
            Path file = description.resolveSibling(given.substring(FILE.length()));
            if (!Files.isRegularFile(file)) {
                throw new BadInput(what + " is \"" + given + "\", but there is no such file beside " + description);
            }
            String sha256 = sha256(file);
            files.put(sha256, file);
            return sha256;
        }

        long bytes(String sha256, long given) throws IOException {
            Path file = files.get(sha256);
            return file == null ? given : Files.size(file);
        }

        private static String sha256(Path file) throws IOException {
            try (InputStream in = Files.newInputStream(file)) {
                MessageDigest digest = MessageDigest.getInstance("SHA-256");
                new DigestInputStream(in, digest).transferTo(OutputStream.nullOutputStream());
                return HexFormat.of().formatHex(digest.digest());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
