// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import static io.edgewise.agent.onnx.OnnxBytes.BOOL;
import static io.edgewise.agent.onnx.OnnxBytes.FLOAT;
import static io.edgewise.agent.onnx.OnnxBytes.INT64;
import static io.edgewise.agent.onnx.OnnxBytes.tensor;
import static io.edgewise.agent.onnx.OnnxBytes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.LongBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A build is closed while requests to it are still under way.
@Timeout(60)
final class OnnxClosingTest {
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final List<String> LABELS = List.of("yes", "no");

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch freed = new CountDownLatch(1);
    private final Semaphore released = new Semaphore(0);

    /// How many turns the model's loop takes says the text. "slow" waits before the model runs, and hears no
    /// interrupt.
    private final class Turns implements Encoder {
        @Override
        public Inputs encode(OrtEnvironment environment, String text) throws OrtException {
            if (!text.equals("hello")) {
                begun.countDown();
            }
            if (text.equals("slow")) {
                released.acquireUninterruptibly();
            }
            long turns = text.equals("endless") ? Long.MAX_VALUE : 1;
            OnnxTensor tensor =
                    OnnxTensor.createTensor(environment, LongBuffer.wrap(new long[] {turns}), new long[] {1});
            return new Inputs(Map.of("turns", tensor), () -> {});
        }

        @Override
        public void close() {
            freed.countDown();
        }
    }

    private OnnxClassifier open() throws IOException {
        byte[] model = OnnxBytes.model(new OnnxBytes()
                .add(11, value("turns", INT64, 1))
                .add(12, value("probabilities", FLOAT, 1, LABELS.size()))
                .add(1, OnnxBytes.loop(LABELS.size()))
                .add(5, tensor("yes", BOOL, new byte[] {1}))
                .add(5, tensor("start", FLOAT, OnnxBytes.floats(LABELS.size()), 1, LABELS.size())));
        return OnnxClassifier.open(
                new OnnxClassifier.Spec("looping", "ab".repeat(32), LABELS, "probabilities", true),
                model,
                List.of(Providers.CPU),
                new Turns());
    }

    private CompletableFuture<Double> asked(OnnxClassifier classifier, String text) throws InterruptedException {
        CompletableFuture<Double> answer = CompletableFuture.supplyAsync(
                () -> classifier.infer(text).confidence().orElseThrow());
        begun.await();
        return answer;
    }

    @Test
    void aRunThatTheRuntimeCannotEndHoldsNobodyUpAndItsSessionStaysUntilItHasEnded() throws Exception {
        OnnxClassifier classifier = open();
        CompletableFuture<Double> slow = asked(classifier, "slow");

        classifier.close(MOMENT);

        assertThatThrownBy(() -> classifier.infer("hello")).hasMessageContaining("is closed");
        assertThat(freed.getCount()).as("still in use").isEqualTo(1);
        released.release();
        assertThatThrownBy(slow::join).isInstanceOf(CompletionException.class).hasMessageContaining("terminate");
        freed.await();
        classifier.close();
    }

    @Test
    void aModelThatNeverEndsIsEndedByClosingIt() throws Exception {
        OnnxClassifier classifier = open();
        CompletableFuture<Double> endless = asked(classifier, "endless");

        classifier.close(MOMENT);

        assertThatThrownBy(endless::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("terminate");
        freed.await();
    }

    @Test
    void aRunThatEndsInTimeIsAnswered() throws Exception {
        OnnxClassifier classifier = open();
        CompletableFuture<Double> slow = asked(classifier, "slow");
        CompletableFuture<Void> closing = CompletableFuture.runAsync(() -> classifier.close(Duration.ofSeconds(30)));
        released.release();

        closing.join();
        assertThat(slow.join()).isEqualTo(0.5);
        assertThat(freed.getCount()).isZero();
    }
}
