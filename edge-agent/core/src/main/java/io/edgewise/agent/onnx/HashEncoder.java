// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.edgewise.agent.features.IntentHash;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;

/// `intent-hash-v1`: one vector, which the model reads where it is written. A few of these places are used again and
/// again.
final class HashEncoder implements Encoder {
    private static final int MOST_SPARE = 8;

    private final String input;
    private final IntentHash features;
    private final Queue<FloatBuffer> spare = new ArrayBlockingQueue<>(MOST_SPARE);

    HashEncoder(String input, IntentHash features) {
        this.input = input;
        this.features = features;
    }

    @Override
    public Inputs encode(OrtEnvironment environment, String text) throws OrtException {
        FloatBuffer known = spare.poll();
        FloatBuffer vector = known == null ? place() : known;
        features.vector(text, vector);
        OnnxTensor tensor = OnnxTensor.createTensor(environment, vector, new long[] {1, vector.capacity()});
        return new Inputs(Map.of(input, tensor), () -> spare.offer(vector));
    }

    private FloatBuffer place() {
        return ByteBuffer.allocateDirect(features.spec().dim() * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public void close() {
        spare.clear();
    }
}
