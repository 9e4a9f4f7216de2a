// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.util.Map;

/// Makes a model's inputs of a text. Thread-safe.
interface Encoder extends AutoCloseable {
    /// For the caller to close after the model has run on them.
    Inputs encode(OrtEnvironment environment, String text) throws OrtException;

    /// A model's inputs by name, and what is done with their memory at the end.
    record Inputs(Map<String, OnnxTensor> tensors, Runnable after) implements AutoCloseable {
        @Override
        public void close() {
            tensors.values().forEach(OnnxTensor::close);
            after.run();
        }
    }

    @Override
    void close();
}
