// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import io.edgewise.agent.EdgeModel;
import io.edgewise.contracts.Workload;
import io.edgewise.demo.CountedObservations;
import io.edgewise.demo.Decision;
import io.edgewise.demo.DemoOptions;
import io.edgewise.demo.DemoPlan;
import io.edgewise.demo.Ending;
import io.edgewise.demo.LatencyLaw;
import io.edgewise.demo.LiveState;
import io.edgewise.demo.Pace;
import io.edgewise.demo.Passage;
import io.edgewise.demo.Reconciliation;
import io.edgewise.demo.RolloutState;
import io.edgewise.demo.Summary;
import io.edgewise.demo.Traffic;
import io.edgewise.demo.Words;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.FutureTask;

/// Conducts a scenario from an empty folder to its summary.
final class Demo {
    private static final Duration TICK = Duration.ofMillis(500);
    private static final Duration WARM_WITHIN = Duration.ofSeconds(30);
    private static final Duration RATE_OVER = Duration.ofSeconds(2);
    /// Of the wanted traffic, from which on a machine is warm and quick enough for it.
    private static final double CARRIED = 0.8;
    private static final Duration GRACE = Duration.ofMinutes(3);
    private static final Duration RETURNS_WITHIN = Duration.ofMinutes(2);
    private static final Duration SETTLES_WITHIN = Duration.ofSeconds(60);
    private static final Duration DRAINS_WITHIN = Duration.ofSeconds(30);
    private static final long TRAFFIC_SEED = 7;

    private final DemoOptions options;
    private final Home home;
    private final Terminal terminal;
    private final StopRequest stop;
    private final InstantSource clock = InstantSource.system();
    private final DemoPlan plan;

    Demo(DemoOptions options, Home home, Terminal terminal, StopRequest stop) {
        this.options = options;
        this.home = home;
        this.terminal = terminal;
        this.stop = stop;
        this.plan = DemoPlan.at(options.speed());
    }

    /// Returns whether the scenario ended as it should.
    boolean run() throws DemoFailure, StopRequest.Stopped {
        home.serverJar();
        try (Shutdown shutdown = new Shutdown()) {
            try {
                return run(shutdown);
            } finally {
                terminal.keep();
                terminal.say("Stopping the devices, the server, Kafka and PostgreSQL");
            }
        }
    }

    private boolean run(Shutdown shutdown) throws DemoFailure, StopRequest.Stopped {
        DataFolder data = shutdown.add("data folder", DataFolder.open(options));
        greet();
        FutureTask<Cast> loading = new FutureTask<>(() -> Cast.load(home, options, shutdown));
        Thread.ofPlatform().daemon().name("load-models").start(loading);
        Backstage backstage = Backstage.start(options, home, data, shutdown, terminal, stop);
        terminal.say("Console: " + backstage.console());
        if (options.browser() && !options.headless()) {
            Browser.open(backstage.console().toString());
        }
        try {
            return play(await(loading), backstage, data, shutdown);
        } catch (IOException e) {
            throw new DemoFailure(
                    "the server refused what the demo asked of it: " + e.getMessage() + "; its log is "
                            + data.serverLog(),
                    e);
        }
    }

    private void greet() {
        terminal.say("Edgewise demo · " + options.scenario().title() + ": "
                + options.scenario().promise());
        terminal.say(options.devices() + " devices × " + DemoOptions.USERS_PER_DEVICE + " users, "
                + Words.decimal(options.rate()) + " requests/s; simulated network (" + LatencyLaw.NETWORK.words()
                + "), demo price card (frontier " + Words.price(DemoPlan.FRONTIER_PRICE_NANOS, "USD") + ", device "
                + Words.price(DemoPlan.EDGE_PRICE_NANOS, "USD") + " per request)");
        if (options.devices() < DemoOptions.DEVICES_TO_PROMOTE) {
            terminal.say("With fewer than " + DemoOptions.DEVICES_TO_PROMOTE
                    + " devices there is never enough evidence to promote anything.");
        }
    }

    private boolean play(Cast cast, Backstage backstage, DataFolder data, Shutdown shutdown)
            throws DemoFailure, StopRequest.Stopped, IOException {
        backstage.api().authenticate(new ServerKeys(data.secrets()).operatorToken());
        Operator operator = new Operator(backstage.api());
        Workload workload = prepare(cast, operator);
        Fleet fleet = cast.fleet(options, workload, backstage, data, shutdown);
        LoadGenerator load = shutdown.add(
                "load",
                new LoadGenerator(
                        new Traffic(
                                home.utterances(),
                                options.devices(),
                                DemoOptions.USERS_PER_DEVICE,
                                options.rate(),
                                TRAFFIC_SEED),
                        fleet,
                        cast.timer()));
        CountedObservations before = settled(operator, backstage, fleet);
        warmUp(load);
        awaitReturn(workload, operator);
        RolloutState rollout = operator.begin(
                workload.name(), Cast.FRONTIER, options.scenario().challenger(), plan);
        Observer observer = new Observer(
                new Observer.Scene(
                        options.scenario(),
                        operator,
                        new CohortReader(backstage.postgres().dataSource()),
                        fleet,
                        load,
                        backstage.console() + "/rollouts/" + rollout.id()),
                clock,
                rollout,
                before);
        Ending ending = watch(observer, backstage);
        boolean good = conclude(ending, observer, operator, fleet, load);
        if (!options.headless()) {
            linger(observer, load, good);
        }
        return good;
    }

    /// Tells the server what is to be rolled out.
    private Workload prepare(Cast cast, Operator operator) throws IOException {
        Workload workload = cast.workload(operator.define(cast.workload(1)));
        int ended = operator.endOld(workload.name());
        if (ended > 0) {
            terminal.say("Ended " + ended + " rollout(s) that an earlier demo left running");
        }
        for (EdgeModel build : cast.sortedBuilds()) {
            operator.register(workload.name(), build);
        }
        return workload;
    }

    /// An earlier demo's rollout is over once the devices have come back from it.
    private void awaitReturn(Workload workload, Operator operator)
            throws DemoFailure, IOException, StopRequest.Stopped {
        long end = System.nanoTime() + RETURNS_WITHIN.toNanos();
        while (operator.isRunning(workload.name())) {
            if (System.nanoTime() > end) {
                throw new DemoFailure("the devices of an earlier demo did not come back to their champion within "
                        + RETURNS_WITHIN.toSeconds() + " s; look at the server's log, or begin anew with --ephemeral");
            }
            stop.pause(TICK);
        }
    }

    /// The server's account before the traffic begins. What an earlier demo left in spools is counted first.
    private CountedObservations settled(Operator operator, Backstage backstage, Fleet fleet)
            throws DemoFailure, IOException, StopRequest.Stopped {
        fleet.drain(DRAINS_WITHIN);
        SpoolAccounts accounts = new SpoolAccounts(backstage.postgres().dataSource());
        long end = System.nanoTime() + SETTLES_WITHIN.toNanos();
        try {
            while (!accounts.reach(Cast.TENANT, fleet.marks())) {
                if (System.nanoTime() > end) {
                    throw new DemoFailure("what an earlier demo left in the devices' spools was not counted within "
                            + SETTLES_WITHIN.toSeconds() + " s; look at the server's log, or begin anew with"
                            + " --ephemeral");
                }
                stop.pause(TICK);
            }
        } catch (SQLException e) {
            throw new DemoFailure("the accounts cannot be read from PostgreSQL: " + e.getMessage(), e);
        }
        return operator.counted();
    }

    /// Traffic before there is a rollout: the first seconds of a young process are slower than any network, and the
    /// rate is measured.
    private void warmUp(LoadGenerator load) throws StopRequest.Stopped {
        terminal.say("Traffic begins; the rollout follows when the devices are warm");
        load.flow();
        stop.pause(Pace.LENGTH);
        long end = System.nanoTime() + WARM_WITHIN.toNanos();
        while (load.share() < CARRIED && System.nanoTime() < end) {
            stop.pause(TICK);
        }
        long from = load.requests();
        long begun = System.nanoTime();
        stop.pause(RATE_OVER);
        double rate = (load.requests() - from) * 1e9 / (System.nanoTime() - begun);
        if (load.share() < CARRIED) {
            terminal.say("This machine does not carry " + Words.decimal(options.rate())
                    + " requests/s; the traffic keeps to what it does. Latencies will tell more about it than about the"
                    + " models: try a lower --speed.");
        }
        terminal.say("The plan, at the measured " + Math.round(rate)
                + " requests/s. Times are shortened, statistics are not:");
        plan.needs(rate).forEach(line -> terminal.say("  " + line));
    }

    private Ending watch(Observer observer, Backstage backstage) throws DemoFailure, StopRequest.Stopped {
        Instant deadline = observer.begun().plus(plan.shortest()).plus(GRACE);
        while (true) {
            LiveState state = observer.look();
            terminal.show(state);
            RolloutState rollout = observer.rollout();
            if (rollout.ending().isPresent()) {
                return rollout.ending().get();
            }
            boolean nobodyActs = options.headless() && rollout.phase().equals(RolloutState.PAUSED);
            if (nobodyActs || options.headless() && clock.instant().isAfter(deadline)) {
                return Ending.UNDECIDED;
            }
            if (backstage.server().isGivenUp()) {
                throw new DemoFailure("the server does not stay up; the end of its log:\n"
                        + backstage.server().lastWords());
            }
            stop.pause(TICK);
        }
    }

    /// Compares what was sent, recorded and counted, exactly, while nothing moves.
    private boolean conclude(Ending ending, Observer observer, Operator operator, Fleet fleet, LoadGenerator load)
            throws IOException, StopRequest.Stopped {
        terminal.show(observer.look());
        terminal.say(
                "The rollout has ended: " + ending.words() + ". Traffic pauses, so that the accounts can be closed");
        Instant ended = clock.instant();
        load.pause(DRAINS_WITHIN, stop);
        fleet.drain(DRAINS_WITHIN);
        Reconciliation accounts = reconcile(observer);
        List<Decision> decisions = decisions(operator, observer.rollout().id());
        Instant last = decisions.isEmpty() ? ended : decisions.getLast().at();
        Summary summary = new Summary(
                options.scenario(),
                ending,
                Duration.between(observer.begun(), last),
                Passage.of(decisions, observer.begun(), last),
                Decision.last(decisions),
                accounts,
                observer.console());
        summary.lines().forEach(terminal::say);
        return summary.isGood();
    }

    /// The decision log; the server may be starting again.
    private List<Decision> decisions(Operator operator, String rollout) throws IOException, StopRequest.Stopped {
        long end = System.nanoTime() + SETTLES_WITHIN.toNanos();
        while (true) {
            try {
                return operator.decisions(rollout);
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
            }
            stop.pause(TICK);
        }
    }

    private Reconciliation reconcile(Observer observer) throws StopRequest.Stopped {
        long end = System.nanoTime() + SETTLES_WITHIN.toNanos();
        CountedObservations counted = CountedObservations.NOTHING;
        while (true) {
            try {
                counted = observer.counted();
            } catch (IOException e) {
                // The server may be starting again; the last account stands until it says another.
            }
            Reconciliation accounts = new Reconciliation(observer.fleet(), counted);
            if (accounts.isComplete() || System.nanoTime() > end) {
                return accounts;
            }
            stop.pause(TICK);
        }
    }

    /// The fleet goes on, now by the orders that the rollout ended with, until the user stops it.
    private void linger(Observer observer, LoadGenerator load, boolean good) throws StopRequest.Stopped {
        terminal.say("");
        terminal.say("Traffic goes on. Look around in the console; Ctrl-C stops everything.");
        load.flow();
        try {
            while (true) {
                terminal.show(observer.look());
                stop.pause(TICK);
            }
        } catch (StopRequest.Stopped e) {
            if (!good) {
                throw e;
            }
        }
    }

    private Cast await(FutureTask<Cast> loading) throws DemoFailure {
        try {
            return loading.get();
        } catch (java.util.concurrent.ExecutionException e) {
            if (e.getCause() instanceof DemoFailure failure) {
                throw failure;
            }
            throw new DemoFailure("the models cannot be loaded: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted while the models were loaded", e);
        }
    }
}
