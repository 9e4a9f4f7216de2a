// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.util.Optional;
import java.util.OptionalDouble;

/// What the charts over time show of one minute or one hour.
sealed interface Traffic permits Figures, Hours {
    Optional<Figures.Share> agreement();

    long championServed();

    long challengerServed();

    /// Microseconds.
    OptionalDouble userLatency(double quantile);

    /// Nano-units.
    OptionalDouble costPerRequest();
}
