// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

/// A model that runs on the device. Thread-safe; a failure is an unchecked exception.
public interface EdgeModel extends AutoCloseable {
    ModelAnswer infer(String text);

    String build();

    /// Lower-case hex SHA-256 of the file that runs.
    String artifactSha256();

    String runtime();

    String runtimeVersion();

    String executionProvider();

    @Override
    void close();
}
