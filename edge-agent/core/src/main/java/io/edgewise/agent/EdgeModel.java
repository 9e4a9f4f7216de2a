// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

/// A model that runs on the device. Thread-safe; a failure is an unchecked exception.
public interface EdgeModel extends AutoCloseable {
    ModelAnswer infer(String text);

    /// A model that speaks a chat API answers the app's own words; others answer the text.
    default ModelAnswer infer(Request request) {
        return infer(request.text());
    }

    default ConfidenceSource confidenceSource() {
        return ConfidenceSource.CLASS_PROBABILITIES;
    }

    /// Whether it can be asked to call tools, or for an answer of a given structure.
    default boolean callsTools() {
        return false;
    }

    String build();

    /// Lower-case hex SHA-256 of the file that runs.
    String artifactSha256();

    String runtime();

    String runtimeVersion();

    String executionProvider();

    @Override
    void close();
}
