// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/// `edgewise.ingest.*`
@ConfigMapping(prefix = "edgewise.ingest")
public interface IngestConfig {
    /// How many devices may wait for orders at once in this process; one more is answered 503.
    @WithDefault("10000")
    int waiters();

    /// How many batches may be read and written at once: what they hold in memory is bounded by this. More: 429.
    @WithDefault("32")
    int concurrentBatches();

    /// How many batches one device may send at once, so that it cannot take the places of the others. More: 429.
    @WithDefault("2")
    int batchesPerDevice();

    /// How many records of a kind one device may send in a second, for long. Faster: 429.
    @WithDefault("2000")
    int recordsPerSecond();

    /// How many records of a kind one device may send at once before that, such as after days without a network.
    @WithDefault("20000")
    int recordsAtOnce();

    /// How many requests of one device may wait for orders at once. More: 429.
    @WithDefault("4")
    int waitersPerDevice();

    /// How long Kafka may take to acknowledge a batch before the device is told to send it again.
    @WithDefault("15s")
    Duration acknowledgeWithin();
}
