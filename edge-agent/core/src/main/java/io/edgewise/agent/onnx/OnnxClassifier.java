// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.features.IntentHash;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A text classifier on ONNX Runtime: one thread, one request per run (dynamic quantization takes its
/// scale from the whole batch). Thread-safe, meant to be shared; closing it waits a little for the runs
/// under way, then tells the runtime to end them.
public final class OnnxClassifier implements EdgeModel {
    private static final System.Logger LOG = System.getLogger(OnnxClassifier.class.getName());
    private static final String INPUT = "features";
    private static final String OUTPUT = "probabilities";
    private static final int TOP = 3;

    /// Also for a large model on a slow device.
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(60);

    /// For runs under way when it is closed, and as long again for the runtime to end them.
    private static final Duration ENDING = Duration.ofSeconds(2);

    private final Spec spec;
    private final Encoder encoder;
    private final OrtEnvironment environment;
    private final OrtSession session;
    private final Providers providers;
    private final OrtSession.RunOptions runs;
    private final Occupancy occupancy = new Occupancy();

    /// What it is and how its output is read. `isLogits`: the softmax is still to be taken.
    record Spec(String build, String sha256, List<String> labels, String output, boolean isLogits) {
        Spec {
            labels = List.copyOf(labels);
        }
    }

    private OnnxClassifier(
            Spec spec, Encoder encoder, OrtEnvironment environment, OrtSession session, Providers providers)
            throws OrtException {
        this.spec = spec;
        this.encoder = encoder;
        this.environment = environment;
        this.session = session;
        this.providers = providers;
        this.runs = new OrtSession.RunOptions();
    }

    /// Loads the build's file (checking its SHA-256 again: what was checked is what runs) and answers
    /// once, so that a model that does not fit its manifest is refused here and not in traffic.
    public static OnnxClassifier open(ModelManifest manifest, List<String> labels) throws IOException {
        if (labels.size() != manifest.labels()) {
            throw new IOException("build " + manifest.build() + " has " + manifest.labels() + " outputs, but "
                    + labels.size() + " labels were given");
        }
        return open(
                new Spec(manifest.build(), manifest.sha256(), labels, OUTPUT, false),
                manifest.verified(),
                List.of(Providers.CPU),
                new HashEncoder(INPUT, new IntentHash(manifest.features())));
    }

    /// Takes the encoder over: closes it with itself, and when it cannot be opened.
    static OnnxClassifier open(Spec spec, byte[] model, List<String> wanted, Encoder encoder) throws IOException {
        return open(spec, model, wanted, encoder, FIRST_ANSWER);
    }

    static OnnxClassifier open(Spec spec, byte[] model, List<String> wanted, Encoder encoder, Duration firstAnswer)
            throws IOException {
        refuseOtherFiles(spec, model, encoder);
        OrtEnvironment environment = Environment.get();
        try (OrtSession.SessionOptions options = options()) {
            Providers providers = Providers.register(wanted, options);
            OrtSession session = environment.createSession(model, options);
            OnnxClassifier classifier = new OnnxClassifier(spec, encoder, environment, session, providers);
            classifier.warmUp(firstAnswer);
            return classifier;
        } catch (OrtException e) {
            encoder.close();
            throw new IOException(
                    "build " + spec.build() + ": ONNX Runtime " + environment.getVersion() + " cannot load it: "
                            + e.getMessage(),
                    e);
        }
    }

    private static void refuseOtherFiles(Spec spec, byte[] model, Encoder encoder) throws IOException {
        boolean isRefused;
        try {
            isRefused = OtherFiles.areIn(model);
        } catch (IOException e) {
            encoder.close();
            throw new IOException("build " + spec.build() + " is no ONNX model: " + e.getMessage(), e);
        }
        if (isRefused) {
            encoder.close();
            throw new IOException("build " + spec.build()
                    + " has weights in other files, which nobody signed; save it with all its weights in one file");
        }
    }

    private static OrtSession.SessionOptions options() throws OrtException {
        OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        options.setInterOpNumThreads(1);
        options.setIntraOpNumThreads(1);
        options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
        return options;
    }

    /// A model may be one that never ends.
    private void warmUp(Duration patience) throws IOException {
        try (OrtSession.RunOptions limited = new OrtSession.RunOptions()) {
            CountDownLatch over = new CountDownLatch(1);
            Thread watch = Thread.ofPlatform()
                    .daemon()
                    .name("edgewise-first-answer")
                    .start(() -> endAfter(patience, over, limited));
            try {
                float[] _ = run(session, "hello", limited);
            } finally {
                over.countDown();
                watch.join();
            }
        } catch (OrtException | RuntimeException e) {
            close();
            throw new IOException("build " + spec.build() + " does not fit its manifest: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IOException("build " + spec.build() + " was interrupted in its first answer", e);
        }
    }

    private static void endAfter(Duration patience, CountDownLatch over, OrtSession.RunOptions run) {
        try {
            if (!over.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                run.setTerminate(true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (OrtException e) {
            LOG.log(System.Logger.Level.WARNING, "a model's first answer cannot be ended", e);
        }
    }

    /// Which share of the operators runs on which provider: runs the model once more, with a profile, in
    /// this folder.
    Map<String, Double> placement(byte[] model, List<String> wanted, Path prefix) throws IOException {
        try (OrtSession.SessionOptions options = options()) {
            Providers _ = Providers.register(wanted, options);
            options.enableProfiling(prefix.toString());
            try (OrtSession profiled = environment.createSession(model, options)) {
                run(profiled, "hello");
                Path profile = Path.of(profiled.endProfiling());
                Map<String, Double> shares = Placement.read(profile);
                Files.delete(profile);
                return shares;
            }
        } catch (OrtException e) {
            throw new IOException("build " + spec.build() + " cannot be profiled: " + e.getMessage(), e);
        }
    }

    /// The execution provider that runs it, and why not another.
    String choice() {
        return providers.describe();
    }

    @Override
    public ModelAnswer infer(String text) {
        float[] probabilities = runAlive(text);
        List<Integer> best = best(probabilities);
        double entropy = 0;
        for (float probability : probabilities) {
            if (probability > 0) {
                entropy -= probability * StrictMath.log(probability);
            }
        }
        List<ModelAnswer.Candidate> top = best.stream()
                .map(index -> new ModelAnswer.Candidate(spec.labels().get(index), unit(probabilities[index])))
                .toList();
        return new ModelAnswer(top.getFirst().label(), top.getFirst().probability(), Math.max(0, entropy), top);
    }

    private float[] runAlive(String text) {
        if (!occupancy.enter()) {
            throw new IllegalStateException("build " + spec.build() + " is closed");
        }
        try {
            return run(session, text, runs);
        } finally {
            if (occupancy.leave()) {
                free();
            }
        }
    }

    private float[] run(OrtSession running, String text) {
        return run(running, text, null);
    }

    private float[] run(OrtSession running, String text, OrtSession.@Nullable RunOptions limits) {
        try (Encoder.Inputs inputs = encoder.encode(environment, text)) {
            try (OrtSession.Result result = running.run(inputs.tensors(), Set.of(spec.output()), limits)) {
                FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
                float[] values = new float[output.remaining()];
                output.get(values);
                if (values.length != spec.labels().size()) {
                    throw new IllegalStateException("build " + spec.build() + " gave " + values.length
                            + " probabilities for " + spec.labels().size() + " labels");
                }
                return spec.isLogits() ? softmax(values) : values;
            }
        } catch (OrtException e) {
            throw new IllegalStateException("build " + spec.build() + " failed: " + e.getMessage(), e);
        }
    }

    private static float[] softmax(float[] logits) {
        float largest = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            largest = Math.max(largest, logit);
        }
        double sum = 0;
        double[] powers = new double[logits.length];
        for (int i = 0; i < logits.length; i++) {
            powers[i] = StrictMath.exp((double) logits[i] - largest);
            sum += powers[i];
        }
        float[] probabilities = new float[logits.length];
        for (int i = 0; i < logits.length; i++) {
            probabilities[i] = (float) (powers[i] / sum);
        }
        return probabilities;
    }

    /// Indices of the largest values; the first of equal ones wins.
    private static List<Integer> best(float[] values) {
        List<Integer> best = new ArrayList<>(TOP + 1);
        for (int i = 0; i < values.length; i++) {
            if (Float.isNaN(values[i])) {
                throw new IllegalStateException("probability " + i + " is not a number");
            }
            int place = best.size();
            while (place > 0 && values[best.get(place - 1)] < values[i]) {
                place--;
            }
            if (place < TOP) {
                best.add(place, i);
                if (best.size() > TOP) {
                    best.removeLast();
                }
            }
        }
        return best;
    }

    private static double unit(double probability) {
        return Math.clamp(probability, 0, 1);
    }

    @Override
    public String build() {
        return spec.build();
    }

    @Override
    public String artifactSha256() {
        return spec.sha256();
    }

    @Override
    public String runtime() {
        return "onnxruntime";
    }

    @Override
    public String runtimeVersion() {
        return environment.getVersion();
    }

    @Override
    public String executionProvider() {
        return providers.chosen();
    }

    @Override
    public void close() {
        close(ENDING);
    }

    /// Native code that runs in a session that is gone takes the process down, so one that does not end leaves
    /// the session to be freed when it does.
    void close(Duration patience) {
        if (occupancy.close(patience, this::endRuns)) {
            free();
        }
    }

    private void endRuns() {
        try {
            runs.setTerminate(true);
        } catch (OrtException e) {
            LOG.log(System.Logger.Level.WARNING, "the runs of build " + spec.build() + " cannot be ended", e);
        }
    }

    private void free() {
        encoder.close();
        runs.close();
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("cannot close build " + spec.build(), e);
        }
    }
}
