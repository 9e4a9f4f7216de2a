// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.util.Optional;
import java.util.function.LongSupplier;
import javax.crypto.SecretKey;

/// What a spool needs besides its folder: the key of records that hold texts, and clocks for their age.
public record Surroundings(Optional<SecretKey> key, LongSupplier wallMs, LongSupplier nanos) {
    /// Holds no texts, and nothing grows old.
    public static final Surroundings NONE = new Surroundings(Optional.empty(), () -> 0, () -> 0);
}
