// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import static io.edgewise.agent.onnx.OnnxBytes.BOOL;
import static io.edgewise.agent.onnx.OnnxBytes.FLOAT;
import static io.edgewise.agent.onnx.OnnxBytes.INT64;
import static io.edgewise.agent.onnx.OnnxBytes.node;
import static io.edgewise.agent.onnx.OnnxBytes.tensor;
import static io.edgewise.agent.onnx.OnnxBytes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.agent.features.FeatureSpec;
import io.edgewise.agent.features.IntentHash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files that are models by their form and mean no good: each is refused with words, reads nothing of the device, and
/// leaves the process alive.
final class HostileModelTest {
    private static final int FEATURES = 16;
    private static final List<String> LABELS = List.of("yes", "no");
    private static final String SECRET = "of-the-device-alone";

    private static OnnxClassifier open(byte[] model, Duration patience) throws IOException {
        return OnnxClassifier.open(
                new OnnxClassifier.Spec("hostile", "ab".repeat(32), LABELS, "probabilities", false),
                model,
                List.of(Providers.CPU),
                new HashEncoder(
                        "features",
                        new IntentHash(new FeatureSpec(
                                FEATURES, List.of(1), List.of(3), 0, new FeatureSpec.Weights(1, 1, 1)))),
                patience);
    }

    private static void assertRefused(byte[] model, String... words) {
        assertThatThrownBy(() -> open(model, Duration.ofSeconds(30)).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("build hostile")
                .hasMessageContainingAll(words)
                .hasMessageNotContaining(SECRET);
    }

    private static OnnxBytes graph() {
        return new OnnxBytes()
                .add(11, value("features", FLOAT, 1, FEATURES))
                .add(12, value("probabilities", FLOAT, 1, LABELS.size()));
    }

    private static byte[] classifier(OnnxBytes weights) {
        return OnnxBytes.model(graph().add(1, node("MatMul", "features", "weights", "sums"))
                .add(1, node("Softmax", "sums", "probabilities"))
                .add(5, weights));
    }

    @Test
    void whatIsMadeByHandIsAModelAndAHonestOneIsServed() throws Exception {
        byte[] model = classifier(
                tensor("weights", FLOAT, OnnxBytes.floats(FEATURES * LABELS.size()), FEATURES, LABELS.size()));

        try (OnnxClassifier classifier = open(model, Duration.ofSeconds(30))) {
            assertThat(classifier.infer("hello").confidence()).hasValue(0.5);
        }
    }

    @Test
    void weightsInOtherFilesAreNotRead(@TempDir Path folder) throws Exception {
        // Long enough to be the weights.
        Path secret = Files.writeString(folder.resolve("secret"), SECRET.repeat(20));
        Path here = Path.of("").toAbsolutePath();
        for (String location : List.of(
                secret.toString(),
                here.relativize(secret).toString(),
                "../../../../../../../../etc/passwd",
                "pom.xml")) {
            OnnxBytes weights = new OnnxBytes()
                    .large(1, FEATURES)
                    .large(1, LABELS.size())
                    .number(2, FLOAT)
                    .text(8, "weights")
                    .add(13, new OnnxBytes().text(1, "location").text(2, location))
                    .number(14, 1);
            assertRefused(classifier(weights), "has weights in other files");
        }
    }

    @Test
    void operatorsThatNobodyKnowsAreNotRun() {
        assertRefused(
                OnnxBytes.model(
                        graph().add(
                                        1,
                                        node("Shell", "features", "probabilities")
                                                .text(7, "evil.ops")),
                        "evil.ops"),
                "Shell");
    }

    @Test
    void weightsThatClaimToBeLargerThanAllMemoryAreNotMadeRoomFor() {
        assertRefused(classifier(tensor("weights", FLOAT, new byte[8], 1L << 40, 1L << 20)), "");
        assertRefused(classifier(tensor("weights", FLOAT, new byte[8], FEATURES, -2)), "");
        assertRefused(classifier(tensor("weights", FLOAT, new byte[8], FEATURES, LABELS.size())), "");
    }

    @Test
    void aTensorLargerThanAllMemoryEndsTheRunAndNotTheProcess() {
        OnnxBytes shape = tensor("shape", INT64, OnnxBytes.longs(1L << 45), 1);
        assertRefused(
                OnnxBytes.model(graph().add(1, node("ConstantOfShape", "shape", "huge"))
                        .add(1, node("ReduceSum", "huge", "sum"))
                        .add(1, node("Add", "features", "sum", "probabilities"))
                        .add(5, shape)),
                "");
    }

    @Test
    void outputsThatDoNotFitTheLabelsAreRefused() {
        assertRefused(
                OnnxBytes.model(new OnnxBytes()
                        .add(11, value("features", FLOAT, 1, FEATURES))
                        .add(12, value("probabilities", FLOAT, 1, FEATURES))
                        .add(1, node("Identity", "features", "probabilities"))),
                "gave 16 probabilities for 2 labels");
        assertRefused(
                OnnxBytes.model(new OnnxBytes()
                        .add(11, value("features", FLOAT, 1, FEATURES))
                        .add(12, value("other", FLOAT, 1, FEATURES))
                        .add(1, node("Identity", "features", "other"))),
                "probabilities");
    }

    /// Two days of turns, or for ever.
    @Test
    void aModelThatNeverEndsIsEnded() {
        byte[] model = OnnxBytes.model(graph().add(1, OnnxBytes.loop(LABELS.size()))
                .add(5, tensor("turns", INT64, OnnxBytes.longs(Long.MAX_VALUE)))
                .add(5, tensor("yes", BOOL, new byte[] {1}))
                .add(5, tensor("start", FLOAT, OnnxBytes.floats(LABELS.size()), 1, LABELS.size())));

        assertThatThrownBy(() -> open(model, Duration.ofMillis(200)).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("terminate");
    }
}
