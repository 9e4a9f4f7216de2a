// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.time.Duration;
import java.util.concurrent.TimeoutException;

/// A model that runs on the device. Thread-safe; a failure is an unchecked exception.
public interface EdgeModel extends AutoCloseable {
    ModelAnswer infer(String text);

    /// A model that speaks a chat API answers the app's own words; others answer the text.
    default ModelAnswer infer(Request request) {
        return infer(request.text());
    }

    /// Whether it gives up by itself after a limit and when its thread is interrupted, as one does that
    /// only waits for a server. Native code does not.
    default boolean endsInTime() {
        return false;
    }

    /// Of a model that ends in time: throws when it has no answer by then. Of a streamed answer it must
    /// have begun by then.
    default ModelAnswer infer(Request request, Duration limit) throws TimeoutException {
        return infer(request);
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
