// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.security.PublicKey;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// The world as an agent meets it. Everything here may be shared by many agents of one JVM; the agent closes none of
/// it. The random generator need not be thread-safe: agents take turns on it.
public record AgentPorts(
        Map<String, EdgeModel> builds,
        FrontierClient frontier,
        Uplink uplink,
        OrdersSource orders,
        PublicKey signingKey,
        InstantSource clock,
        LongSupplier nanoTime,
        RandomGenerator random,
        ScheduledExecutorService timer) {
    public AgentPorts {
        builds = Map.copyOf(builds);
    }
}
