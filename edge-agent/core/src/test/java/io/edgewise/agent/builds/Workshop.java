// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.edgewise.agent.Fixture;
import io.edgewise.agent.onnx.OnnxLoader;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.contracts.v1.GoldenCase;
import io.edgewise.contracts.v1.HuggingFaceTokenizer;
import io.edgewise.contracts.v1.IntentHashSpec;
import io.edgewise.contracts.v1.Preprocessing;
import io.edgewise.contracts.v1.Signed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// The builds of the second workload as a release would publish them, and a road to them that can be made
/// to fail.
public final class Workshop implements BuildSource {
    public static final Path DOMAINS = Path.of("../../models/domains");
    static final String WORKLOAD = "clinc-domains";

    final Map<String, byte[]> files = new ConcurrentHashMap<>();
    final Map<String, Signed> manifests = new ConcurrentHashMap<>();
    /// Bytes after which the road breaks off; negative: never.
    int breaksAfter = -1;
    boolean startsOver;
    /// Where a file that never ends begins to be made up; negative: nowhere.
    int endlessFrom = -1;
    int asked;
    long bytes;

    static JsonNode released() throws IOException {
        return new ObjectMapper().readTree(Files.readAllBytes(DOMAINS.resolve("domains.json")));
    }

    static JsonNode build(String name) throws IOException {
        for (JsonNode build : released().get("builds")) {
            if (build.get("name").asText().equals(name)) {
                return build;
            }
        }
        throw new IOException("there is no build " + name);
    }

    static Artifact.Builder artifact(JsonNode build) {
        return Artifact.newBuilder()
                .setRuntime("onnxruntime")
                .setProvider("cpu")
                .setSha256(build.get("sha256").asText())
                .setBytes(build.get("bytes").asLong());
    }

    /// A manifest made of what is beside the model alone.
    public static BuildManifest.Builder draft(String name) throws IOException {
        JsonNode build = build(name);
        BuildManifest.Builder manifest = BuildManifest.newBuilder()
                .setTenant("default")
                .setWorkload(WORKLOAD)
                .setBuild(name)
                .setRelease(3)
                .setTolerance(0.001)
                .addArtifacts(artifact(build));
        released().get("labels").forEach(label -> manifest.addLabels(label.asText()));
        build.get("golden")
                .forEach(golden -> manifest.addGolden(GoldenCase.newBuilder()
                        .setText(golden.get("text").asText())
                        .setLabel(golden.get("label").asText())
                        .setConfidence(golden.get("confidence").asDouble())));
        if (name.equals("domain-hash")) {
            return manifest.setOutput("probabilities")
                    .setConfidence("softmax")
                    .setPreprocessing(Preprocessing.newBuilder().setIntentHash(hash(build.get("features"))));
        }
        JsonNode tokenizer = released().get("tokenizer");
        return manifest.setOutput("logits")
                .setConfidence("logits")
                .setPreprocessing(Preprocessing.newBuilder()
                        .setHuggingFace(HuggingFaceTokenizer.newBuilder()
                                .setSha256(tokenizer.get("sha256").asText())
                                .setBytes(tokenizer.get("bytes").asLong())
                                .setMaxLength(tokenizer.get("max_length").asInt())
                                .setInputIds("input_ids")
                                .setAttentionMask("attention_mask")));
    }

    static IntentHashSpec.Builder hash(JsonNode features) {
        IntentHashSpec.Builder spec = IntentHashSpec.newBuilder()
                .setInput("features")
                .setDim(features.get("dim").asInt())
                .setSeed(0)
                .setWordWeight(features.get("word_weight").asInt())
                .setWordsWeight(features.get("bigram_weight").asInt())
                .setCharactersWeight(features.get("char_weight").asInt());
        features.get("word_ngrams").forEach(n -> spec.addWordNgrams(n.asInt()));
        features.get("char_ngrams").forEach(n -> spec.addCharNgrams(n.asInt()));
        return spec;
    }

    static Signed sign(BuildManifest.Builder manifest) {
        return Signing.sign(Signing.BUILD, manifest.build().toByteArray(), "k1", Fixture.KEYS.getPrivate());
    }

    /// Publishes a build with all of its files.
    public Workshop publish(BuildManifest.Builder manifest) throws IOException {
        manifests.put(manifest.getBuild(), sign(manifest));
        for (String name : new String[] {"domain-hash.onnx", "domain-encoder.onnx", "tokenizer.json"}) {
            put(Files.readAllBytes(DOMAINS.resolve(name)));
        }
        return this;
    }

    /// A keeper on this machine that fetches from here.
    public BuildKeeper keeper(Path folder, String workload) throws IOException {
        return keeper(folder, workload, 100L << 20);
    }

    /// As many bytes as the larger of the two builds takes with all that comes with it, and not both.
    public static long roomForOne() throws IOException {
        return build("domain-encoder").get("bytes").asLong()
                + released().get("tokenizer").get("bytes").asLong()
                + 30_000;
    }

    public BuildKeeper keeper(Path folder, String workload, long quota) throws IOException {
        return BuildKeeper.open(
                new BuildKeeper.Place(folder, "default", workload, quota),
                DeviceTraits.here(Map.of(OnnxLoader.RUNTIME, OnnxLoader.version()), List.of("cpu")),
                new BuildKeeper.Surroundings(
                        this,
                        new OnnxLoader((event, detail) -> {}),
                        () -> Keyring.of(Fixture.KEYS.getPublic()),
                        () -> Fixture.NOW,
                        (event, detail) -> {}));
    }

    void put(byte[] content) {
        files.put(HexFormat.of().formatHex(Fetch.sha256().digest(content)), content);
    }

    @Override
    public Optional<Signed> manifest(String build) {
        return Optional.ofNullable(manifests.get(build));
    }

    @Override
    public Part file(String sha256, long from) throws IOException {
        asked++;
        byte[] content = files.get(sha256);
        if (content == null) {
            throw new IOException("no file " + sha256);
        }
        if (endlessFrom >= 0) {
            return new Part(from, new Endless(content, (int) from, endlessFrom));
        }
        int start = startsOver ? 0 : (int) from;
        int end = breaksAfter < 0 ? content.length : Math.min(content.length, start + breaksAfter);
        bytes += end - start;
        return new Part(start, new ByteArrayInputStream(content, start, end - start));
    }

    /// A file's bytes, and then others without an end.
    private static final class Endless extends InputStream {
        private final byte[] content;
        private final int madeUpFrom;
        private int at;

        Endless(byte[] content, int from, int madeUpFrom) {
            this.content = content;
            this.at = from;
            this.madeUpFrom = madeUpFrom;
        }

        @Override
        public int read() {
            int next = at < Math.min(content.length, madeUpFrom) ? content[at] & 0xff : 7;
            at++;
            return next;
        }

        @Override
        public int read(byte[] into, int from, int length) {
            for (int i = 0; i < length; i++) {
                into[from + i] = (byte) read();
            }
            return length;
        }
    }
}
