// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.features.FeatureSpec;
import io.edgewise.agent.onnx.Labels;
import io.edgewise.agent.onnx.ModelManifest;
import io.edgewise.agent.onnx.OnnxClassifier;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.contracts.v1.GoldenCase;
import io.edgewise.contracts.v1.IntentHashSpec;
import io.edgewise.contracts.v1.Preprocessing;
import io.edgewise.testkit.OrdersServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// A plain file server with the builds of this repository as a release publishes them: signed manifests, and files by
/// their digest and by range. It can break a download off, and can be told to give something else.
final class BuildServer implements AutoCloseable {
    private static final List<String> TEXTS =
            List.of("how do i change my oil", "what is my balance", "tell me a joke about the sea");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    /// The beginnings that were asked for, by file.
    final List<Long> beginnings = new CopyOnWriteArrayList<>();

    volatile int breaksAfter = Integer.MAX_VALUE;
    volatile boolean refuses;

    BuildServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/builds/", this::give);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/builds");
    }

    void publish(OrdersServer signer, String build) throws Exception {
        publish(
                signer,
                ModelManifest.load(Scene.HOME.resolve("models"), build),
                Labels.load(Scene.HOME.resolve("data/clinc150/labels.json")),
                1);
    }

    /// With the answers that the build gives where it was made.
    void publish(OrdersServer signer, ModelManifest model, List<String> labels, long release) throws Exception {
        BuildManifest.Builder manifest = BuildManifest.newBuilder()
                .setTenant("default")
                .setWorkload(Scene.WORKLOAD)
                .setBuild(model.build())
                .setRelease(release)
                .setOutput("probabilities")
                .setConfidence("softmax")
                .setTolerance(0.001)
                .addAllLabels(labels)
                .setPreprocessing(Preprocessing.newBuilder().setIntentHash(hash(model.features())))
                .addArtifacts(Artifact.newBuilder()
                        .setRuntime("onnxruntime")
                        .setProvider("cpu")
                        .setSha256(model.sha256())
                        .setBytes(model.bytes()));
        try (OnnxClassifier classifier = OnnxClassifier.open(model, labels)) {
            for (String text : TEXTS) {
                ModelAnswer answer = classifier.infer(text);
                manifest.addGolden(GoldenCase.newBuilder()
                        .setText(text)
                        .setLabel(answer.label())
                        .setConfidence(answer.confidence().orElseThrow()));
            }
        }
        files.put(
                model.build() + ".manifest",
                signer.sign(Signing.BUILD, manifest.build().toByteArray()).toByteArray());
        files.put(model.sha256(), Files.readAllBytes(model.file()));
    }

    /// One bit is not what it was.
    void tamper(String build) throws IOException {
        String sha256 = ModelManifest.load(Scene.HOME.resolve("models"), build).sha256();
        files.computeIfPresent(sha256, (same, content) -> {
            byte[] other = content.clone();
            other[other.length / 2] ^= 1;
            return other;
        });
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

    private void give(HttpExchange exchange) throws IOException {
        try (exchange) {
            String name = exchange.getRequestURI().getPath().substring("/builds/".length());
            byte[] content = files.get(name);
            if (refuses || content == null) {
                exchange.sendResponseHeaders(refuses ? 403 : 404, -1);
                return;
            }
            String range = exchange.getRequestHeaders().getFirst("Range");
            int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
            boolean isFile = !name.endsWith(".manifest");
            if (isFile) {
                beginnings.add((long) from);
            }
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
            exchange.sendResponseHeaders(range == null ? 200 : 206, content.length - from);
            int end = isFile ? Math.min(content.length, from + breaksAfter) : content.length;
            exchange.getResponseBody().write(Arrays.copyOfRange(content, from, end));
        }
    }

    @Override
    public void close() {
        stop();
    }

    /// Nobody reaches it any more.
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }
}
