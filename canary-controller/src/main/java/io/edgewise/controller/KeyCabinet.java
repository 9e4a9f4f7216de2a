// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

import java.io.IOException;
import java.util.Optional;

/// The pairs of keys whose private halves this process has. Which of them devices know is in the database.
public interface KeyCabinet {
    /// The pair that the platform was set up with.
    SigningKeys first();

    Optional<SigningKeys> find(String keyId);

    /// A new pair, kept for good before it is returned.
    SigningKeys make() throws IOException;
}
