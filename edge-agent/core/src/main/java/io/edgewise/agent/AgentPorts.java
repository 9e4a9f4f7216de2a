// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.builds.BuildKeeper;
import io.edgewise.agent.orders.Keyring;
import java.security.PublicKey;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKey;

/// The world as an agent meets it. Everything here may be shared by many agents of one JVM; the agent
/// closes none of it. The random generator need not be thread-safe: agents take turns on it.
public record AgentPorts(
        Map<String, EdgeModel> builds,
        FrontierClient frontier,
        Uplink uplink,
        OrdersSource orders,
        Keyring keys,
        InstantSource clock,
        LongSupplier nanoTime,
        RandomGenerator random,
        ScheduledExecutorService timer,
        Extras extras) {
    /// What not every device has: a router's model, ways to know how the device is doing, a key for
    /// texts on disk, and builds that are fetched when orders name them.
    public record Extras(
            Optional<Scorer> scorer,
            Supplier<DeviceState> state,
            Optional<SecretKey> spoolKey,
            Optional<BuildKeeper> keeper) {
        public static final Extras NONE =
                new Extras(Optional.empty(), () -> DeviceState.UNKNOWN, Optional.empty(), Optional.empty());
    }

    public AgentPorts {
        builds = Map.copyOf(builds);
    }

    public AgentPorts(
            Map<String, EdgeModel> builds,
            FrontierClient frontier,
            Uplink uplink,
            OrdersSource orders,
            PublicKey signingKey,
            InstantSource clock,
            LongSupplier nanoTime,
            RandomGenerator random,
            ScheduledExecutorService timer) {
        this(builds, frontier, uplink, orders, Keyring.of(signingKey), clock, nanoTime, random, timer, Extras.NONE);
    }
}
