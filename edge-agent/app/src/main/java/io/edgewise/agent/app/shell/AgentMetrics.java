// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.AgentSnapshot;
import io.edgewise.agent.EdgeAgent;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.DoubleSupplier;
import java.util.function.ToDoubleFunction;

/// What the agent tells Prometheus. No value that an app chooses is ever a label.
final class AgentMetrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.builder()
            .setIncludeCreatedTimestamps(false)
            .build();
    private final Counter requests;
    private final Histogram seconds;
    private final Counter cancelled;

    AgentMetrics(Backend backend, DoubleSupplier running) {
        EdgeAgent agent = backend.agent();
        requests = Counter.builder()
                .name("edgewise_agent_requests_total")
                .help("Requests by surface and by who answered.")
                .labelNames("surface", "arm")
                .withoutExemplars()
                .register(registry);
        seconds = Histogram.builder()
                .name("edgewise_agent_request_seconds")
                .help("From a request's last byte until its answer is handed to the network.")
                .unit(Unit.SECONDS)
                .classicOnly()
                .classicUpperBounds(
                        0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)
                .labelNames("surface")
                .withoutExemplars()
                .register(registry);
        cancelled = Counter.builder()
                .name("edgewise_agent_cancelled_total")
                .help("Requests whose app went away, or whose time was over.")
                .withoutExemplars()
                .register(registry);
        CounterWithCallback.builder()
                .name("edgewise_agent_frontier_passed_over_total")
                .help("Questions for which a frontier was passed over, by its name and why.")
                .labelNames("frontier", "reason")
                .callback(callback -> backend.passedOver().forEach((who, times) -> {
                    int colon = who.lastIndexOf(':');
                    callback.call(times, who.substring(0, colon), who.substring(colon + 1));
                }))
                .register(registry);
        gauge("edgewise_agent_running", "Requests that run now.", running);
        counter(
                "edgewise_agent_served_total",
                "Requests the agent routed.",
                agent,
                s -> s.totals().served());
        counter(
                "edgewise_agent_failed_total",
                "Routed requests no model answered.",
                agent,
                s -> s.totals().failed());
        counter("edgewise_agent_mirrors_shed_total", "Mirrors left out under pressure.", agent, AgentSnapshot::shed);
        counter(
                "edgewise_agent_unrecorded_total",
                "Records the disk did not take.",
                agent,
                s -> s.totals().unrecorded());
        counter("edgewise_agent_dropped_total", "Records shed from the spool.", agent, AgentSnapshot::dropped);
        counter(
                "edgewise_agent_rejected_total",
                "Records that the server did not take, for good.",
                agent,
                _ -> backend.rejected());
        counter("edgewise_agent_orders_refused_total", "Orders that were not obeyed.", agent, AgentMetrics::refused);
        gauge(
                "edgewise_agent_spool_records",
                "Records not yet uploaded.",
                () -> agent.snapshot().spoolDepth());
        gauge(
                "edgewise_agent_revision",
                "The directive obeyed; 0 for none.",
                () -> agent.snapshot().revision());
        gauge(
                "edgewise_agent_breaker_open",
                "1 while the challenger's breaker is not closed.",
                () -> agent.snapshot().breaker().equals("closed") ? 0 : 1);
    }

    private static double refused(AgentSnapshot snapshot) {
        return snapshot.refused().values().stream().mapToLong(Long::longValue).sum();
    }

    private void counter(String name, String help, EdgeAgent agent, ToDoubleFunction<AgentSnapshot> value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.applyAsDouble(agent.snapshot())))
                .register(registry);
    }

    private void gauge(String name, String help, DoubleSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(value.getAsDouble()))
                .register(registry);
    }

    void answered(String surface, String arm, long nanos) {
        requests.labelValues(surface, arm).inc();
        seconds.labelValues(surface).observe(Unit.nanosToSeconds(nanos));
    }

    void cancelled() {
        cancelled.inc();
    }

    byte[] text() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        writer.write(text, registry.scrape());
        return text.toByteArray();
    }
}
