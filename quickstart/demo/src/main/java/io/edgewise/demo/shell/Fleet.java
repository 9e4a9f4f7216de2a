// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import io.edgewise.agent.AgentPorts;
import io.edgewise.agent.AgentSettings;
import io.edgewise.agent.AgentSnapshot;
import io.edgewise.agent.Answer;
import io.edgewise.agent.EdgeAgent;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.FrontierClient;
import io.edgewise.agent.Request;
import io.edgewise.agent.Uplink;
import io.edgewise.agent.shell.HttpOrders;
import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.Workload;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.demo.Call;
import io.edgewise.demo.DeviceProfile;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;

/// The simulated devices: each is the real agent with a spool, an id, keys and orders of its own. They share what one
/// process has only once: producer, frontier client, model sessions.
final class Fleet implements LoadGenerator.App, AutoCloseable {
    private static final String AGENT_VERSION = "demo";
    private static final int MIRRORS = 64;

    private final List<EdgeAgent> agents;
    private final long recordedBefore;
    private final long feedbackBefore;

    /// What all devices have in common.
    record Shared(
            String tenant,
            Workload workload,
            String frontierName,
            FrontierClient frontier,
            Map<String, EdgeModel> builds,
            Uplink uplink,
            HttpClient http,
            URI server,
            DeviceSecrets secrets,
            PublicKey signingKey,
            ScheduledExecutorService timer) {}

    /// What the spools of all devices hold together. Recorded counts since the fleet was opened.
    record Spools(long recorded, long feedback, long depth, long unrecorded) {}

    private Fleet(List<EdgeAgent> agents) {
        this.agents = List.copyOf(agents);
        List<AgentSnapshot> snapshots = snapshots();
        this.recordedBefore =
                snapshots.stream().mapToLong(AgentSnapshot::lastSeq).sum();
        this.feedbackBefore = snapshots.stream()
                .mapToLong(snapshot -> snapshot.feedback().lastSeq())
                .sum();
    }

    static Fleet open(int devices, Path folder, Shared shared) throws DemoFailure {
        // Fresh at every start: a device that repeated its dice would repeat the ids of what it recorded before.
        SplittableRandom seeds = new SplittableRandom(new SecureRandom().nextLong());
        List<Callable<EdgeAgent>> openings = new ArrayList<>();
        for (int i = 0; i < devices; i++) {
            int device = i;
            SplittableRandom random = seeds.split();
            openings.add(() -> open(device, folder, shared, random));
        }
        List<EdgeAgent> agents = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            for (Future<EdgeAgent> opened : executor.invokeAll(openings)) {
                agents.add(opened.get());
            }
            return new Fleet(agents);
        } catch (ExecutionException e) {
            agents.forEach(EdgeAgent::close);
            throw new DemoFailure("a device cannot start: " + e.getCause(), e);
        } catch (InterruptedException e) {
            agents.forEach(EdgeAgent::close);
            Thread.currentThread().interrupt();
            throw new DemoFailure("interrupted while the devices started", e);
        }
    }

    private static EdgeAgent open(int number, Path folder, Shared shared, SplittableRandom random) throws Exception {
        String device = name(number);
        DeviceProfile profile = DeviceProfile.of(number);
        String token = shared.secrets().token(shared.tenant(), device);
        AgentSettings settings = new AgentSettings(
                shared.tenant(),
                device,
                token,
                shared.secrets().feedbackKey(shared.tenant(), device),
                folder.resolve(device),
                shared.workload(),
                DeviceContext.newBuilder()
                        .setDeviceClass(profile.deviceClass())
                        .setChipset(profile.chipset())
                        .setOs(profile.os())
                        .setAgentVersion(AGENT_VERSION)
                        .build(),
                profile.slices(),
                shared.frontierName(),
                MIRRORS);
        return EdgeAgent.open(
                settings,
                new AgentPorts(
                        shared.builds(),
                        shared.frontier(),
                        shared.uplink(),
                        new HttpOrders(shared.http(), shared.server(), token),
                        shared.signingKey(),
                        InstantSource.system(),
                        System::nanoTime,
                        random,
                        shared.timer()));
    }

    @Override
    public String serve(Call call) throws LoadGenerator.Unanswered {
        Answer answer = agents.get(call.device())
                .serve(new Request(call.unit(), call.utterance().text()));
        if (answer.failure().isPresent()) {
            throw new LoadGenerator.Unanswered(answer.failure().get());
        }
        return answer.feedbackToken();
    }

    @Override
    public boolean tellTruth(Call call, String token) {
        return agents.get(call.device()).feedback(token, call.utterance().intent());
    }

    Spools spools() {
        long recorded = -recordedBefore;
        long feedback = -feedbackBefore;
        long depth = 0;
        long unrecorded = 0;
        for (AgentSnapshot snapshot : snapshots()) {
            recorded += snapshot.lastSeq();
            feedback += snapshot.feedback().lastSeq();
            depth += snapshot.spoolDepth();
            unrecorded += snapshot.totals().unrecorded();
        }
        return new Spools(recorded, feedback, depth, unrecorded);
    }

    /// Where every spool stands.
    List<SpoolAccounts.Mark> marks() {
        List<SpoolAccounts.Mark> marks = new ArrayList<>();
        for (int i = 0; i < agents.size(); i++) {
            AgentSnapshot snapshot = agents.get(i).snapshot();
            marks.add(mark(i, "observation", snapshot.observations()));
            marks.add(mark(i, "feedback", snapshot.feedback()));
        }
        return marks;
    }

    private static SpoolAccounts.Mark mark(int number, String kind, AgentSnapshot.Observed lane) {
        return new SpoolAccounts.Mark(new SpoolAccounts.Lane(name(number), kind, lane.epoch()), lane.lastSeq());
    }

    private static String name(int number) {
        return String.format(Locale.ROOT, "sim-%04d", number);
    }

    /// Waits until everything recorded is safe on the other side, for all devices at once.
    void drain(Duration atMost) {
        forAll(agent -> agent.drain(atMost));
    }

    @Override
    public void close() {
        forAll(EdgeAgent::close);
    }

    private interface Act {
        void on(EdgeAgent agent) throws Exception;
    }

    private void forAll(Act act) {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> acts = new ArrayList<>();
            for (EdgeAgent agent : agents) {
                acts.add(() -> {
                    act.on(agent);
                    return true;
                });
            }
            executor.invokeAll(acts);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private List<AgentSnapshot> snapshots() {
        return agents.stream().map(EdgeAgent::snapshot).toList();
    }
}
