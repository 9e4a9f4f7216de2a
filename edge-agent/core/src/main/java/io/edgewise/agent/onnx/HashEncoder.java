// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.edgewise.agent.features.IntentHash;
import java.nio.FloatBuffer;
import java.util.Map;

/// `intent-hash-v1`: one vector.
record HashEncoder(String input, IntentHash features) implements Encoder {
    @Override
    public Map<String, OnnxTensor> encode(OrtEnvironment environment, String text) throws OrtException {
        float[] vector = features.vector(text);
        return Map.of(
                input, OnnxTensor.createTensor(environment, FloatBuffer.wrap(vector), new long[] {1, vector.length}));
    }

    @Override
    public void close() {}
}
