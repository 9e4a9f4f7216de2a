// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.AgentStatus;
import io.edgewise.contracts.v1.DeviceContext;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Tells the server how this agent stands, at intervals and when something happened.
final class Reporter implements AutoCloseable {
    private static final long EVERY_SECONDS = 10;
    /// So many fewer while the device spares its network: a server takes it for silent after minutes.
    private static final int SPARING = 6;

    private final AgentSettings settings;
    private final Uplink uplink;
    private final LongSupplier wallMs;
    private final Sources sources;
    private final ScheduledFuture<?> ticking;
    /// The timer's own.
    private int ticks;

    /// Where it reports to, and when.
    record Road(Uplink uplink, ScheduledExecutorService timer, LongSupplier wallMs) {}

    /// Where it learns how the agent stands.
    record Sources(
            Supplier<AgentSnapshot> snapshot,
            Supplier<String> build,
            Supplier<Map<String, Long>> counters,
            Supplier<DeviceState> state) {}

    Reporter(AgentSettings settings, Road road, Sources sources) {
        this.settings = settings;
        this.uplink = road.uplink();
        this.wallMs = road.wallMs();
        this.sources = sources;
        this.ticking = road.timer().scheduleWithFixedDelay(this::tick, EVERY_SECONDS, EVERY_SECONDS, TimeUnit.SECONDS);
    }

    void tick() {
        ticks++;
        if (ticks % SPARING == 0 || !sources.state().get().isSparing()) {
            report("");
        }
    }

    /// On a thread of its own: the timer is shared, and a send may wait for the broker.
    void report(String event) {
        report(event, "");
    }

    void report(String event, String detail) {
        Thread _ = Thread.ofVirtual().name("edgewise-status").start(() -> send(event, detail));
    }

    void send(String event, String detail) {
        send(status(event, detail));
    }

    private void send(AgentStatus status) {
        byte[] record = status.toByteArray();
        try {
            // The next status makes up for a lost one.
            CompletableFuture<Void> _ = uplink.send(
                    Topics.AGENT_STATUS,
                    Topics.key(settings.tenant(), settings.device()),
                    record,
                    Topics.AGENT_STATUS_SCHEMA);
        } catch (RuntimeException e) {
            System.getLogger(Reporter.class.getName())
                    .log(System.Logger.Level.DEBUG, "status of " + settings.device() + " not sent", e);
        }
    }

    /// With a result as JSON, for example a benchmark's.
    void attach(String event, String json) {
        Thread _ = Thread.ofVirtual()
                .name("edgewise-status")
                .start(() -> send(status(event, "").toBuilder().setReport(json).build()));
    }

    AgentStatus status(String event, String detail) {
        AgentSnapshot now = sources.snapshot().get();
        DeviceState state = sources.state().get();
        DeviceContext context = settings.context();
        AgentStatus.Builder status = AgentStatus.newBuilder()
                .setTenant(settings.tenant())
                .setDevice(settings.device())
                .setAtMs(wallMs.getAsLong())
                .setSpoolEpoch(now.observations().epoch())
                .setWorkload(settings.workload().name())
                .setRollout(now.rollout())
                .setRevisionObeyed(now.revision())
                .setMode(now.mode())
                .setBuild(sources.build().get())
                .setRuntime(context.getRuntime())
                .setRuntimeVersion(context.getRuntimeVersion())
                .setFallback(now.orders().fallback())
                .setSpoolDepth(now.spoolDepth())
                .setLastSeq(now.lastSeq())
                .setDropped(now.dropped())
                .setShed(now.shed())
                .putAllRefused(now.refused())
                .setEvent(event)
                .setDetail(detail)
                .putAllCounters(sources.counters().get())
                .setThermal(state.thermal().word())
                .setEmulated(context.getEmulated());
        state.battery().ifPresent(status::setBattery);
        return status.build();
    }

    @Override
    public void close() {
        ticking.cancel(false);
    }
}
