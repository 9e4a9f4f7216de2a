// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.agent.builds.BuildKeeper;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.AgentStatus;
import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.contracts.v1.Orders;
import io.edgewise.contracts.v1.Signed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.crypto.SecretKey;

/// The world around an agent under test: everything can be made to fail, and time stands still until it
/// is moved.
final class World implements Uplink, OrdersSource, FrontierClient, AutoCloseable {
    final AtomicLong wallMs = new AtomicLong(Fixture.NOW);
    final AtomicLong nanos = new AtomicLong(1_000_000);
    final List<Observation> observations = new CopyOnWriteArrayList<>();
    final List<Feedback> feedback = new CopyOnWriteArrayList<>();
    final List<AgentStatus> statuses = new CopyOnWriteArrayList<>();
    volatile Supplier<ModelAnswer> edge = () -> answer("yes");
    /// Answers requests in an app's own words.
    volatile Function<Request, ModelAnswer> speak = request -> edge.get();

    /// Whether the model hears interrupts, as one does that waits for a server. Before the ports are taken.
    boolean endsInTime;

    /// The frontier's answers to requests in an app's own words, where it speaks the same.
    interface Voice {
        FrontierAnswer ask(Request request) throws FrontierFailure;
    }

    volatile Voice voice = request -> ask(request.text());
    volatile String frontierLabel = "yes";
    volatile String frontierFailure = "";
    volatile boolean isUplinkDown;
    /// What the spool's writer waits for at each record, as at a disk: it reads the clock there.
    volatile Runnable disk = () -> {};
    volatile DeviceState state = DeviceState.UNKNOWN;
    Optional<Scorer> scorer = Optional.empty();
    Optional<SecretKey> spoolKey = Optional.empty();
    Optional<BuildKeeper> keeper = Optional.empty();
    final List<String> askedTexts = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final SplittableRandom random = new SplittableRandom(99);
    private Orders orders = Orders.getDefaultInstance();

    static ModelAnswer answer(String label) {
        return new ModelAnswer(
                label, 0.9, 0.3, List.of(new ModelAnswer.Candidate(label, 0.9), new ModelAnswer.Candidate("oos", 0.1)));
    }

    AgentPorts ports() {
        return new AgentPorts(
                Map.of("edge-1", model()),
                this,
                this,
                this,
                Keyring.of(Fixture.KEYS.getPublic()),
                () -> Instant.ofEpochMilli(wallMs.get()),
                this::nanoTime,
                random,
                timer,
                new AgentPorts.Extras(scorer, () -> state, spoolKey, keeper));
    }

    private long nanoTime() {
        if (Thread.currentThread().getName().equals("edgewise-spool")) {
            disk.run();
        }
        return nanos.get();
    }

    private EdgeModel model() {
        return new Fixed(
                "edge-1", request -> request.chat().isPresent() ? speak.apply(request) : edge.get(), endsInTime);
    }

    /// A model that answers as it is told.
    record Fixed(String build, Function<Request, ModelAnswer> answers, boolean endsInTime) implements EdgeModel {
        Fixed(String build, Function<Request, ModelAnswer> answers) {
            this(build, answers, false);
        }

        @Override
        public ModelAnswer infer(String text) {
            return infer(new Request("", text));
        }

        @Override
        public ModelAnswer infer(Request request) {
            return answers.apply(request);
        }

        @Override
        public String artifactSha256() {
            return "ab".repeat(32);
        }

        @Override
        public String runtime() {
            return "test-runtime";
        }

        @Override
        public String runtimeVersion() {
            return "1";
        }

        @Override
        public String executionProvider() {
            return "cpu";
        }

        @Override
        public void close() {}
    }

    @Override
    public FrontierAnswer ask(String text) throws FrontierFailure {
        askedTexts.add(text);
        if (!frontierFailure.isEmpty()) {
            throw new FrontierFailure(frontierFailure, "as told");
        }
        return new FrontierAnswer(frontierLabel, "cloud", "frontier-1", "fp", OptionalLong.of(9), OptionalLong.of(1));
    }

    @Override
    public FrontierAnswer ask(Request request) throws FrontierFailure {
        return voice.ask(request);
    }

    @Override
    public CompletableFuture<Void> send(String topic, byte[] key, byte[] record, String schema) {
        if (isUplinkDown) {
            return CompletableFuture.failedFuture(new IllegalStateException("the uplink is down"));
        }
        try {
            switch (topic) {
                case Topics.OBSERVATIONS -> observations.add(Observation.parseFrom(record));
                case Topics.FEEDBACK -> feedback.add(Feedback.parseFrom(record));
                case Topics.AGENT_STATUS -> statuses.add(AgentStatus.parseFrom(record));
                default -> throw new AssertionError("unknown topic " + topic);
            }
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
        return CompletableFuture.completedFuture(null);
    }

    synchronized void order(Signed... signed) {
        orders = Orders.newBuilder()
                .addAllSigned(List.of(signed))
                .setCursor(orders.getCursor() + 1)
                .build();
        notifyAll();
    }

    @Override
    public synchronized Orders poll(String workload, long cursor, Duration wait) {
        long deadline = System.nanoTime() + wait.toNanos();
        while (orders.getCursor() == cursor && System.nanoTime() < deadline) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return orders;
            }
        }
        return orders.getCursor() == cursor
                ? Orders.newBuilder().setCursor(cursor).build()
                : orders;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
