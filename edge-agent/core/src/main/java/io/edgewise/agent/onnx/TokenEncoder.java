// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// A `tokenizer.json` of Hugging Face, read by their own library: token ids, attention mask and token
/// types, as far as the model has inputs for them.
final class TokenEncoder implements Encoder {
    /// Names of the model's inputs; an empty one is not fed.
    record Names(String ids, String mask, String types) {}

    private final HuggingFaceTokenizer tokenizer;
    private final Names names;

    private TokenEncoder(HuggingFaceTokenizer tokenizer, Names names) {
        this.tokenizer = tokenizer;
        this.names = names;
    }

    /// Longer texts are cut at `maxLength` tokens.
    static TokenEncoder open(Path file, int maxLength, Names names) throws IOException {
        // Without it the library asks its home for the size of the operating system's libraries.
        System.setProperty("ai.djl.offline", "true");
        try {
            HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.builder()
                    .optTokenizerPath(file)
                    .optTruncation(true)
                    .optPadding(false)
                    .optMaxLength(maxLength)
                    .build();
            return new TokenEncoder(tokenizer, names);
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new IOException(file + " is no tokenizer.json that can be read here: " + e.getMessage(), e);
        }
    }

    long[] ids(String text) {
        return tokenizer.encode(text).getIds();
    }

    @Override
    public Inputs encode(OrtEnvironment environment, String text) throws OrtException {
        Encoding encoding = tokenizer.encode(text);
        Map<String, OnnxTensor> tensors = new HashMap<>();
        put(tensors, environment, names.ids(), encoding.getIds());
        put(tensors, environment, names.mask(), encoding.getAttentionMask());
        put(tensors, environment, names.types(), encoding.getTypeIds());
        return new Inputs(tensors, () -> {});
    }

    private static void put(Map<String, OnnxTensor> tensors, OrtEnvironment environment, String name, long[] values)
            throws OrtException {
        if (!name.isEmpty()) {
            tensors.put(
                    name, OnnxTensor.createTensor(environment, LongBuffer.wrap(values), new long[] {1, values.length}));
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
