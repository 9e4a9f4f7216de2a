// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.builds.ModelLoader;
import io.edgewise.agent.features.FeatureSpec;
import io.edgewise.agent.features.IntentHash;
import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.contracts.v1.HuggingFaceTokenizer;
import io.edgewise.contracts.v1.IntentHashSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/// Loads classifiers by their manifest alone. `events` hears which provider runs a build and where its
/// operators are.
public record OnnxLoader(BiConsumer<String, String> events) implements ModelLoader {
    public static final String RUNTIME = "onnxruntime";

    /// The version of the ONNX Runtime that is here.
    public static String version() throws IOException {
        return Environment.get().getVersion();
    }

    @Override
    public EdgeModel load(BuildManifest manifest, Artifact artifact, Path file, Map<String, Path> more)
            throws IOException {
        if (!artifact.getRuntime().equals(RUNTIME)) {
            throw new IOException("it is for the runtime " + artifact.getRuntime() + ", not for " + RUNTIME);
        }
        byte[] model = verified(file, artifact.getSha256());
        OnnxClassifier.Spec spec = new OnnxClassifier.Spec(
                manifest.getBuild(),
                artifact.getSha256(),
                manifest.getLabelsList(),
                manifest.getOutput(),
                isLogits(manifest));
        List<String> wanted = List.of(artifact.getProvider(), Providers.CPU);
        OnnxClassifier classifier = OnnxClassifier.open(spec, model, wanted, encoder(manifest, more));
        try {
            events.accept("provider", manifest.getBuild() + " runs on " + classifier.choice());
            events.accept(
                    "placement",
                    manifest.getBuild() + " operators by provider: "
                            + classifier.placement(model, wanted, file.resolveSibling("profile")));
            return classifier;
        } catch (IOException | RuntimeException e) {
            classifier.close();
            throw e;
        }
    }

    private static boolean isLogits(BuildManifest manifest) throws IOException {
        return switch (manifest.getConfidence()) {
            case "softmax" -> false;
            case "logits" -> true;
            default ->
                throw new IOException(
                        "its confidence is \"" + manifest.getConfidence() + "\"; this agent reads softmax and logits");
        };
    }

    private static Encoder encoder(BuildManifest manifest, Map<String, Path> more) throws IOException {
        return switch (manifest.getPreprocessing().getKindCase()) {
            case INTENT_HASH -> hash(manifest.getPreprocessing().getIntentHash());
            case HUGGING_FACE -> tokens(manifest.getPreprocessing().getHuggingFace(), more);
            case KIND_NOT_SET -> throw new IOException("it does not say how its texts are prepared");
        };
    }

    private static Encoder hash(IntentHashSpec spec) throws IOException {
        try {
            return new HashEncoder(
                    spec.getInput(),
                    new IntentHash(new FeatureSpec(
                            spec.getDim(),
                            spec.getWordNgramsList(),
                            spec.getCharNgramsList(),
                            spec.getSeed(),
                            new FeatureSpec.Weights(
                                    spec.getWordWeight(), spec.getWordsWeight(), spec.getCharactersWeight()))));
        } catch (IllegalArgumentException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Encoder tokens(HuggingFaceTokenizer spec, Map<String, Path> more) throws IOException {
        Path file = more.get(spec.getSha256());
        if (file == null) {
            throw new IOException("its tokenizer " + spec.getSha256() + " was not fetched");
        }
        byte[] _ = verified(file, spec.getSha256());
        return TokenEncoder.open(
                file,
                spec.getMaxLength(),
                new TokenEncoder.Names(spec.getInputIds(), spec.getAttentionMask(), spec.getTokenTypeIds()));
    }

    /// What was checked is what runs.
    private static byte[] verified(Path file, String sha256) throws IOException {
        byte[] content = Files.readAllBytes(file);
        String actual = HexFormat.of().formatHex(Digests.sha256(content));
        if (!actual.equals(sha256)) {
            throw new IOException(file + " has the SHA-256 " + actual + " now; the disk damaged it, or somebody else"
                    + " wrote to it: delete it, so that it is fetched again");
        }
        return content;
    }
}
