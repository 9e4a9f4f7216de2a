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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A text classifier on ONNX Runtime: one thread, one request per run (dynamic quantization takes its scale from the
/// whole batch). Thread-safe, meant to be shared.
public final class OnnxClassifier implements EdgeModel {
    private static final String INPUT = "features";
    private static final String OUTPUT = "probabilities";
    private static final int TOP = 3;

    private final ModelManifest manifest;
    private final List<String> labels;
    private final IntentHash features;
    private final OrtEnvironment environment;
    private final OrtSession session;

    private OnnxClassifier(
            ModelManifest manifest, List<String> labels, OrtEnvironment environment, OrtSession session) {
        this.manifest = manifest;
        this.labels = labels;
        this.features = new IntentHash(manifest.features());
        this.environment = environment;
        this.session = session;
    }

    /// Loads the build's file (checking its SHA-256 again: what was checked is what runs) and answers once, so that a
    /// model that does not fit its manifest is refused here and not in traffic.
    public static OnnxClassifier open(ModelManifest manifest, List<String> labels) throws IOException {
        if (labels.size() != manifest.labels()) {
            throw new IOException("build " + manifest.build() + " has " + manifest.labels() + " outputs, but "
                    + labels.size() + " labels were given");
        }
        OrtEnvironment environment = Environment.get();
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setInterOpNumThreads(1);
            options.setIntraOpNumThreads(1);
            options.setExecutionMode(OrtSession.SessionOptions.ExecutionMode.SEQUENTIAL);
            OrtSession session = environment.createSession(manifest.verified(), options);
            OnnxClassifier classifier = new OnnxClassifier(manifest, List.copyOf(labels), environment, session);
            classifier.warmUp();
            return classifier;
        } catch (OrtException e) {
            throw new IOException(
                    "build " + manifest.build() + ": ONNX Runtime " + environment.getVersion() + " cannot load "
                            + manifest.file() + ": " + e.getMessage(),
                    e);
        }
    }

    private void warmUp() throws IOException {
        try {
            infer("hello");
        } catch (RuntimeException e) {
            close();
            throw new IOException(
                    "build " + manifest.build() + ": " + manifest.file() + " does not fit its manifest: "
                            + e.getMessage(),
                    e);
        }
    }

    @Override
    public ModelAnswer infer(String text) {
        float[] probabilities = run(features.vector(text));
        List<Integer> best = best(probabilities);
        double entropy = 0;
        for (float probability : probabilities) {
            if (probability > 0) {
                entropy -= probability * StrictMath.log(probability);
            }
        }
        List<ModelAnswer.Candidate> top = best.stream()
                .map(index -> new ModelAnswer.Candidate(labels.get(index), unit(probabilities[index])))
                .toList();
        return new ModelAnswer(top.getFirst().label(), top.getFirst().probability(), Math.max(0, entropy), top);
    }

    private float[] run(float[] vector) {
        try (OnnxTensor input =
                        OnnxTensor.createTensor(environment, FloatBuffer.wrap(vector), new long[] {1, vector.length});
                OrtSession.Result result = session.run(Map.of(INPUT, input), Set.of(OUTPUT))) {
            FloatBuffer output = ((OnnxTensor) result.get(0)).getFloatBuffer();
            float[] probabilities = new float[output.remaining()];
            output.get(probabilities);
            if (probabilities.length != labels.size()) {
                throw new IllegalStateException("build " + manifest.build() + " gave " + probabilities.length
                        + " probabilities for " + labels.size() + " labels");
            }
            return probabilities;
        } catch (OrtException e) {
            throw new IllegalStateException("build " + manifest.build() + " failed: " + e.getMessage(), e);
        }
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
        return manifest.build();
    }

    @Override
    public String artifactSha256() {
        return manifest.sha256();
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
        return "cpu";
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("cannot close build " + manifest.build(), e);
        }
    }
}
