// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.agent.builds.BuildKeeper;
import io.edgewise.agent.orders.BootId;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.agent.orders.Moment;
import io.edgewise.agent.orders.OrdersState;
import io.edgewise.agent.orders.Standing;
import io.edgewise.agent.orders.StandingFile;
import io.edgewise.agent.spool.Backoff;
import io.edgewise.agent.spool.Bounds;
import io.edgewise.agent.spool.Lane;
import io.edgewise.agent.spool.LaneCounts;
import io.edgewise.agent.spool.Spool;
import io.edgewise.agent.spool.SpoolFailure;
import io.edgewise.agent.spool.Surroundings;
import io.edgewise.agent.spool.Uploader;
import io.edgewise.contracts.StatusCounters;
import io.edgewise.contracts.Topics;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// A device's agent: answers requests by the orders it obeys, records every one of them durably, and
/// uploads the records. Safe for any number of threads.
public final class EdgeAgent implements AutoCloseable {
    private static final long RETRY_FIRST_MS = 100;
    private static final long RETRY_LONGEST_MS = 30_000;
    private static final long SETTLE_MS = 5_000;

    private final Router router;
    private final Supplier<Moment> now;
    private final Arms arms;
    private final LongSupplier crashes;
    private final Mirrors mirrors;
    private final Spool spool;
    private final Desk desk;
    private final Walk walk;
    private final Holdout holdout;
    private final AgentSettings settings;
    private final Follower follower;
    private final List<Uploader> uploaders;
    private final List<Thread> threads;
    private final Reporter reporter;
    private final Optional<BuildCourier> courier;
    private final ScheduledFuture<?> minutes;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EdgeAgent(AgentSettings settings, AgentPorts ports, Opened opened) {
        this.settings = settings;
        Dice dice = opened.dice();
        this.now = opened.now();
        this.arms = new Arms(settings, ports, this::tell);
        arms.replace(present(ports));
        this.crashes = () -> ports.extras().keeper().map(BuildKeeper::mourned).orElse(0L);
        Supplier<Inventory> inventory = () -> new Inventory(arms.artifacts(), settings.frontier());
        this.router = new Router(inventory);
        this.mirrors = opened.mirrors();
        this.spool = opened.spool();
        this.walk = new Walk(arms, now, settings.policies().routing());
        Detours detours = new Detours(settings.policies().routing(), inventory, arms::callsTools);
        this.desk = new Desk(
                settings,
                new Desk.Surroundings(dice, now, ports.extras()),
                new Desk.Parts(router, detours, arms, walk, mirrors, spool));
        this.holdout = new Holdout(
                settings,
                new Holdout.Parts(arms, spool, desk::quiet, this::tell),
                new Desk.Surroundings(dice, now, ports.extras()),
                opened.holdouts());
        Supplier<Backoff> backoffs = () -> new Backoff(RETRY_FIRST_MS, RETRY_LONGEST_MS, dice::nextLong);
        this.follower = new Follower(
                new Follower.Road(ports.orders(), settings.workload().name(), backoffs),
                new OrdersState(
                        ports.keys(),
                        settings.tenant(),
                        settings.workload().name(),
                        OrdersState.attributes(settings.device(), settings.context(), settings.slices())),
                opened.file(),
                now,
                opened.loaded().standing());
        byte[] key = Topics.key(settings.tenant(), settings.device());
        Uplink uplink = ports.uplink();
        this.uploaders = List.of(
                new Uploader(
                        spool,
                        Lane.OBSERVATIONS,
                        record -> uplink.send(Topics.OBSERVATIONS, key, record, Topics.OBSERVATION_SCHEMA),
                        backoffs.get(),
                        () -> ports.extras().state().get().isSparing()),
                new Uploader(
                        spool,
                        Lane.FEEDBACK,
                        record -> uplink.send(Topics.FEEDBACK, key, record, Topics.FEEDBACK_SCHEMA),
                        backoffs.get(),
                        () -> ports.extras().state().get().isSparing()));
        this.reporter = new Reporter(
                settings,
                new Reporter.Road(uplink, ports.timer(), ports.clock()::millis),
                new Reporter.Sources(
                        this::snapshot,
                        this::challengerBuild,
                        this::counters,
                        ports.extras().state()));
        this.courier = ports.extras()
                .keeper()
                .map(keeper -> new BuildCourier(
                        keeper,
                        () -> wanted(ports.builds().keySet(), keeper.router()),
                        ready -> replaceBuilds(with(ports.builds(), ready)),
                        backoffs.get()));
        follower.onChange(() -> {
            reporter.report("orders");
            courier.ifPresent(BuildCourier::wake);
        });
        follower.onEvent(this::tell);
        this.minutes = ports.timer().scheduleWithFixedDelay(this::minute, 60, 60, TimeUnit.SECONDS);
        List<Thread> own = new ArrayList<>();
        // Platform threads for what computes long or in native code: it would keep a carrier from requests.
        courier.ifPresent(bringing ->
                own.add(Thread.ofPlatform().daemon().name("edgewise-builds").unstarted(bringing)));
        own.addAll(List.of(
                Thread.ofVirtual().name("edgewise-orders").unstarted(follower),
                Thread.ofPlatform().daemon().name("edgewise-observations").unstarted(uploaders.getFirst()),
                Thread.ofPlatform().daemon().name("edgewise-feedback").unstarted(uploaders.getLast())));
        this.threads = List.copyOf(own);
    }

    private static Map<String, EdgeModel> present(AgentPorts ports) {
        return with(
                ports.builds(), ports.extras().keeper().map(BuildKeeper::ready).orElse(Map.of()));
    }

    private static Map<String, EdgeModel> with(Map<String, EdgeModel> some, Map<String, EdgeModel> others) {
        Map<String, EdgeModel> all = new HashMap<>(some);
        all.putAll(others);
        return all;
    }

    /// The builds that the orders or this device's own rules name and that did not come with the agent.
    private Set<String> wanted(Set<String> here, Optional<String> router) {
        Set<String> wanted = new HashSet<>();
        settings.policies().routing().home().ifPresent(wanted::add);
        follower.standing().directive().map(order -> order.content()).ifPresent(directive -> {
            wanted.add(directive.getApprovedBuild());
            wanted.add(directive.getChampion().getBuild());
            wanted.add(directive.getChallenger().getBuild());
        });
        wanted.remove("");
        wanted.removeAll(here);
        router.ifPresent(wanted::add);
        return wanted;
    }

    /// What had to be opened before the parts could be put together.
    private record Opened(
            Spool spool,
            StandingFile file,
            StandingFile.Loaded loaded,
            Mirrors mirrors,
            HoldoutRuns holdouts,
            Dice dice,
            Supplier<Moment> now) {}

    /// Opens the agent in its folder, which is its own: it resumes where it was. Throws when the folder
    /// cannot be used.
    public static EdgeAgent open(AgentSettings settings, AgentPorts ports) {
        AgentSettings complete = settings.with(context(settings.context(), present(ports)));
        Supplier<Moment> now =
                () -> new Moment(ports.clock().millis(), ports.nanoTime().getAsLong());
        Dice dice = new Dice(ports.random());
        Mirrors mirrors =
                new Mirrors(settings.mirrorQueue(), settings.policies().mirroring(), ports.nanoTime());
        try {
            Files.createDirectories(settings.folder());
            StandingFile file = new StandingFile(settings.folder(), BootId.read());
            StandingFile.Loaded loaded = file.load(now.get());
            Spool spool = Spool.open(
                    settings.folder(),
                    Map.of(
                            Lane.OBSERVATIONS,
                            new ObservationLane(complete, ports.clock(), mirrors::shed),
                            Lane.FEEDBACK,
                            new FeedbackLane(complete, ports.clock())),
                    Bounds.DEFAULT,
                    new Surroundings(ports.extras().spoolKey(), ports.clock()::millis, ports.nanoTime()));
            EdgeAgent agent = new EdgeAgent(
                    complete,
                    ports,
                    new Opened(spool, file, loaded, mirrors, HoldoutRuns.load(settings.folder()), dice, now));
            agent.start(event(spool, loaded));
            return agent;
        } catch (IOException e) {
            mirrors.close();
            throw new UncheckedIOException("cannot open the agent of " + settings.device() + ": " + e.getMessage(), e);
        } catch (SpoolFailure e) {
            mirrors.close();
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }

    /// The context names the runtime that the models here really have.
    private static DeviceContext context(DeviceContext declared, Map<String, EdgeModel> builds) {
        DeviceContext.Builder context = declared.toBuilder().setEmulated(declared.getEmulated() || Emulation.isHere());
        Optional<EdgeModel> model = builds.values().stream().findFirst();
        if (model.isPresent() && context.getRuntime().isEmpty()) {
            context.setRuntime(model.get().runtime())
                    .setRuntimeVersion(model.get().runtimeVersion())
                    .setExecutionProvider(model.get().executionProvider());
        }
        return context.build();
    }

    private static String event(Spool spool, StandingFile.Loaded loaded) {
        if (spool.setAside().isPresent()) {
            return "spool-set-aside";
        }
        return loaded.damaged().isPresent() ? "orders-set-aside" : "opened";
    }

    private void start(String event) {
        threads.forEach(Thread::start);
        reporter.report(event);
    }

    /// Answers a request. Never throws for a failing model: another arm answers, or the answer says what
    /// failed.
    public Answer serve(Request request) {
        return serve(request, _ -> {});
    }

    /// The same; `told` hears the answer as soon as there is one, before anything is recorded or mirrored.
    public Answer serve(Request request, Consumer<Answer> told) {
        return desk.serve(follower.standing(), request, told);
    }

    /// Records the truth about an answer. True when it is durable; false for a token that is not this
    /// device's, a label that is none, or a disk that does not take it.
    public boolean feedback(String token, String truthLabel) {
        return desk.feedback(token, new Opinion.Truth(truthLabel)) == Receipt.RECORDED;
    }

    /// Records what somebody thinks of an answer.
    public Receipt feedback(String token, Opinion opinion) {
        return desk.feedback(token, opinion);
    }

    /// Tells the server how this agent stands, and why now.
    public void report(String event) {
        reporter.report(event);
    }

    /// The same with a result as JSON.
    public void report(String event, String json) {
        reporter.attach(event, json);
    }

    /// From the next request on these are the builds that are here; the agent closes none of them.
    public void replaceBuilds(Map<String, EdgeModel> builds) {
        arms.replace(builds);
        reporter.report(
                "builds", String.join(", ", builds.keySet().stream().sorted().toList()));
    }

    /// The challenger, or the build in service where none is tried, answers this signed `ReferenceSet` once a
    /// day, while the device is idle or charging. Throws for a set that may not be believed or is not this
    /// workload's.
    public void reference(Signed signed) {
        holdout.use(References.read(signed, follower.keyring(), settings.tenant(), settings.workload()));
    }

    /// Tells the server what happened, and writes it to the log.
    public void tell(String event, String detail) {
        System.getLogger(EdgeAgent.class.getName()).log(System.Logger.Level.INFO, "{0}: {1}", event, detail);
        reporter.report(event, detail);
    }

    private void minute() {
        try {
            follower.tick();
            holdout.wake(() -> follower.standing()
                    .directive()
                    .map(order -> new Inventory(arms.artifacts(), settings.frontier()).examined(order.content()))
                    .orElse(""));
        } catch (IOException | RuntimeException e) {
            System.getLogger(EdgeAgent.class.getName())
                    .log(System.Logger.Level.WARNING, "the agent's minute could not be written down", e);
        }
    }

    /// The keys that orders, manifests and reference sets are verified with now.
    public Keyring keyring() {
        return follower.keyring();
    }

    /// Totals by name: what was shed, escalated and withheld, by reason.
    public Map<String, Long> counters() {
        Map<String, Long> counters = new TreeMap<>(desk.counters());
        counters.put(StatusCounters.BREAKER_OPENED, arms.breakersOpened());
        counters.put(StatusCounters.CHALLENGER_CRASHED, crashes.getAsLong());
        return counters;
    }

    public AgentSnapshot snapshot() {
        Standing standing = follower.standing();
        Optional<Directive> directive = standing.directive().map(order -> order.content());
        AgentSnapshot.Obeyed obeyed = new AgentSnapshot.Obeyed(
                standing.floor(),
                directive.map(AgentSnapshot.Obeyed::word).orElse("none"),
                directive.map(Directive::getStage).orElse(0),
                directive.map(Directive::getRollout).orElse(""),
                router.fallback(standing, now.get()),
                follower.refused());
        return new AgentSnapshot(
                observed(Lane.OBSERVATIONS),
                observed(Lane.FEEDBACK),
                obeyed,
                arms.breaker(challengerBuild()).name().toLowerCase(Locale.ROOT),
                desk.totals());
    }

    private AgentSnapshot.Observed observed(Lane lane) {
        LaneCounts counts = spool.counts(lane);
        return new AgentSnapshot.Observed(
                spool.epoch(), counts.pending(), counts.lastSeq(), counts.acknowledged(), counts.dropped());
    }

    private String challengerBuild() {
        return follower.standing()
                .directive()
                .map(order -> order.content().getChallenger().getBuild())
                .orElse("");
    }

    /// Waits until answers are remembered, mirrors are done and all that was recorded is uploaded, but not longer than
    /// this.
    public void drain(Duration atMost) {
        try {
            if (desk.awaitSettled(atMost.toMillis()) && mirrors.awaitIdle(atMost.toMillis())) {
                spool.awaitIdle(atMost.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void settle() {
        try {
            boolean _ = desk.awaitSettled(SETTLE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Stops. What was not uploaded stays in the spool.
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        reporter.close();
        reporter.send("closed", "");
        follower.stop();
        courier.ifPresent(BuildCourier::stop);
        minutes.cancel(false);
        holdout.close();
        settle();
        mirrors.close();
        walk.close();
        arms.close();
        uploaders.forEach(Uploader::stop);
        threads.forEach(Thread::interrupt);
        spool.close();
    }
}
