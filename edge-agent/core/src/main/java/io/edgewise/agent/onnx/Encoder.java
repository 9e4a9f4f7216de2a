// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.util.Map;

/// Makes a model's inputs of a text. Thread-safe. The caller closes the tensors.
interface Encoder extends AutoCloseable {
    Map<String, OnnxTensor> encode(OrtEnvironment environment, String text) throws OrtException;

    @Override
    void close();
}
