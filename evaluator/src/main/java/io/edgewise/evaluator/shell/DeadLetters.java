// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

import io.edgewise.evaluator.Rejected;
import java.util.List;

/// Where refused records go.
public interface DeadLetters extends AutoCloseable {
    /// Returns when all of them are safe; throws when any may not be.
    void send(List<Rejected> rejected) throws Exception;

    @Override
    void close();
}
