// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.AgentPorts;
import io.edgewise.agent.AgentSettings;
import io.edgewise.agent.Answer;
import io.edgewise.agent.EdgeAgent;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.Fence;
import io.edgewise.agent.FrontierAnswer;
import io.edgewise.agent.FrontierClient;
import io.edgewise.agent.FrontierFailure;
import io.edgewise.agent.Frontiers;
import io.edgewise.agent.Request;
import io.edgewise.agent.Scorer;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.frontier.OpenAiFrontier;
import io.edgewise.agent.frontier.OpenAiSettings;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.agent.spool.SpoolKey;
import io.edgewise.contracts.v1.DeviceContext;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import javax.crypto.SecretKey;

/// What answers behind the HTTP front: the models of this device, the frontier, and the agent that chooses.
public final class Backend implements AutoCloseable {
    static final String VERSION = "0.1.0";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    /// Where Linux tells how the device is doing.
    static final Path SYSTEM = Path.of("/sys/class");

    /// What the agent sees of its device: where Linux tells how it is doing, and its clocks.
    record Senses(Path system, InstantSource clock, LongSupplier nanos) {
        static final Senses OWN = at(SYSTEM);

        static Senses at(Path system) {
            return new Senses(system, InstantSource.system(), System::nanoTime);
        }
    }

    private final Settings settings;
    private final Senses senses;
    private final TreeMap<String, EdgeModel> builds = new TreeMap<>();
    private final Deque<AutoCloseable> closing = new ArrayDeque<>();
    private final Link link;
    private final Optional<Frontiers> frontiers;
    private final Fence fence = new Fence(System::nanoTime);
    private final EdgeAgent agent;
    private Optional<Fetching> fetching = Optional.empty();

    private Backend(Settings settings, Senses senses) throws IOException {
        this.settings = settings;
        this.senses = senses;
        closing.push(fence);
        try {
            HttpClient http = client(settings);
            this.link = Link.of(settings, http);
            closing.push(link);
            Teller teller = new Teller();
            Models.load(settings, http, teller).forEach(model -> {
                builds.put(model.build(), model);
                closing.push(model);
            });
            if (settings.edge().fetch().isPresent()) {
                Fetching opened =
                        Fetching.open(settings, settings.edge().fetch().get(), keys(), http, teller);
                fetching = Optional.of(opened);
                closing.push(opened);
            }
            this.frontiers = frontiers(http);
            this.agent = open();
            closing.push(agent);
            fetching.ifPresent(opened -> opened.serve(agent));
            teller.serve(agent);
            settings.edge().reference().ifPresent(this::reference);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    public static Backend open(Settings settings) throws IOException {
        return open(settings, Senses.OWN);
    }

    static Backend open(Settings settings, Senses senses) throws IOException {
        return new Backend(settings, senses);
    }

    /// A set that may not be believed keeps nobody from serving.
    private void reference(Path file) {
        try {
            ReferenceFile.read(file, agent::reference);
        } catch (IOException e) {
            agent.tell("reference-refused", String.valueOf(e.getMessage()));
        }
    }

    private static HttpClient client(Settings settings) throws IOException {
        return Trust.with(settings.authorities(), OwnKeys.of(settings))
                .version(HttpClient.Version.HTTP_1_1)
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .connectTimeout(CONNECT)
                .build();
    }

    private EdgeAgent open() throws IOException {
        ScheduledExecutorService timer = Executors.newScheduledThreadPool(
                1, Thread.ofPlatform().daemon().name("edgewise-timer-", 0).factory());
        AutoCloseable stop = timer::shutdownNow;
        closing.push(stop);
        return EdgeAgent.open(
                agentSettings(),
                new AgentPorts(
                        Map.copyOf(builds),
                        frontiers.<FrontierClient>map(asked -> asked).orElse(Backend::nobody),
                        link.road().uplink(),
                        link.orders(),
                        keys(),
                        senses.clock(),
                        senses.nanos(),
                        // Fresh at every start: a device that repeated its dice would repeat the ids of its records.
                        new SplittableRandom(new SecureRandom().nextLong()),
                        timer,
                        extras()));
    }

    /// In the order of the settings. None where nothing may leave the device: then nobody is asked.
    private Optional<Frontiers> frontiers(HttpClient http) {
        List<Frontiers.Member> members = new ArrayList<>();
        for (Settings.Frontier frontier : settings.frontiers().members()) {
            OpenAiSettings asked = new OpenAiSettings(
                    frontier.name(),
                    frontier.url(),
                    frontier.model(),
                    frontier.key(),
                    OpenAiSettings.instruction(settings.workload()),
                    frontier.timeout());
            FrontierClient client = members.isEmpty()
                    ? new OpenAiFrontier(asked, http, System::nanoTime)
                    : OpenAiFrontier.renaming(asked, http, System::nanoTime);
            members.add(new Frontiers.Member(frontier.name(), client, frontier.prices(), frontier.nanosPerHour()));
        }
        return members.isEmpty() ? Optional.empty() : Optional.of(new Frontiers(members, System::nanoTime));
    }

    private static FrontierAnswer nobody(String text) throws FrontierFailure {
        throw new FrontierFailure(FrontierFailure.UNREACHABLE, "the settings name no frontier");
    }

    /// How often each frontier was passed over, by "name:reason".
    Map<String, Long> passedOver() {
        return frontiers.map(Frontiers::passedOver).orElse(Map.of());
    }

    private Keyring keys() {
        return Keyring.of(link.signingKey());
    }

    /// How the device is doing is read when somebody asks, at most once a second.
    private AgentPorts.Extras extras() throws IOException {
        Optional<SecretKey> key = Optional.empty();
        if (settings.policies().privacy().texts()) {
            Path file = settings.privacy().keyFile().toAbsolutePath();
            Files.createDirectories(file.getParent());
            key = Optional.of(SpoolKey.file(file));
        }
        return new AgentPorts.Extras(
                scorer(),
                new DeviceProbe(senses.system(), settings.identity().about().metered(), senses.nanos()),
                key,
                fetching.map(Fetching::keeper));
    }

    /// One that came with the agent must load: without it no score that an order asks for could be had. One that is
    /// fetched scores when it is here.
    private Optional<Scorer> scorer() throws IOException {
        if (settings.edge().router().isEmpty()) {
            return Optional.empty();
        }
        return switch (settings.edge().router().get()) {
            case Settings.InstalledRouter installed -> {
                Scorer scorer = Models.router(installed);
                scorer.model().get().ifPresent(closing::push);
                yield Optional.of(scorer);
            }
            case Settings.FetchedRouter(String _, long release) ->
                fetching.map(opened -> new Scorer(opened.keeper()::scoring, String.valueOf(release)));
        };
    }

    private AgentSettings agentSettings() {
        Settings.Identity identity = settings.identity();
        DeviceContext context = DeviceContext.newBuilder()
                .setDeviceClass(identity.about().deviceClass())
                .setChipset(identity.about().chipset())
                .setOs(System.getProperty("os.name", "").toLowerCase(Locale.ROOT) + "-"
                        + System.getProperty("os.arch", ""))
                .setAgentVersion("edgewise-agent/" + VERSION)
                .build();
        return new AgentSettings(
                identity.tenant(),
                identity.device(),
                link.token(),
                link.feedbackKey(),
                identity.folder(),
                settings.workload(),
                context,
                identity.slices(),
                settings.frontiers().name(),
                identity.mirrors(),
                settings.policies());
    }

    Settings settings() {
        return settings;
    }

    EdgeAgent agent() {
        return agent;
    }

    /// Records that the server did not take, for good.
    long rejected() {
        return link.road().rejected().getAsLong();
    }

    /// The answer of one build that was asked by its name, without the agent.
    Answer alone(EdgeModel build, Request request) {
        return DirectAnswer.of(fence, build, request);
    }

    Optional<EdgeModel> build(String name) {
        return fetching.map(opened -> opened.keeper().ready().get(name))
                .or(() -> Optional.ofNullable(builds.get(name)));
    }

    /// Those that came with the agent, and those that are fetched by now.
    SequencedMap<String, EdgeModel> builds() {
        TreeMap<String, EdgeModel> all = new TreeMap<>(builds);
        fetching.ifPresent(opened -> all.putAll(opened.keeper().ready()));
        return all;
    }

    @Override
    public void close() {
        while (!closing.isEmpty()) {
            try {
                closing.pop().close();
            } catch (Exception e) {
                System.getLogger(Backend.class.getName())
                        .log(System.Logger.Level.WARNING, "a part of the agent did not close cleanly", e);
            }
        }
    }
}
