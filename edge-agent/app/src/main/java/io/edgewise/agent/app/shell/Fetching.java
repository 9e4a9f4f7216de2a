// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.EdgeAgent;
import io.edgewise.agent.app.config.Settings;
import io.edgewise.agent.builds.BuildKeeper;
import io.edgewise.agent.builds.DeviceTraits;
import io.edgewise.agent.builds.KeptBuilds;
import io.edgewise.agent.onnx.OnnxLoader;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.agent.orders.Moment;
import io.edgewise.agent.orders.OrdersState;
import io.edgewise.agent.orders.StandingFile;
import io.edgewise.agent.shell.HttpBuilds;
import java.io.IOException;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The builds that are fetched. What is kept from before serves again before the agent is open: until then the keys
/// count that counted when it was last closed.
final class Fetching implements AutoCloseable {
    private static final String FOLDER = "builds";

    private final BuildKeeper keeper;
    private final Keyring known;
    private volatile @Nullable EdgeAgent agent;

    private Fetching(Settings settings, Settings.Fetch fetch, Keyring pinned, HttpClient http, Teller teller)
            throws IOException {
        InstantSource clock = InstantSource.system();
        this.known = known(settings, pinned);
        this.keeper = BuildKeeper.open(
                place(settings, fetch),
                device(settings, fetch),
                new BuildKeeper.Surroundings(
                        new HttpBuilds(http, fetch.url(), fetch.token()),
                        new OnnxLoader(teller::tell),
                        this::keys,
                        clock::millis,
                        teller::tell));
    }

    static Fetching open(Settings settings, Settings.Fetch fetch, Keyring pinned, HttpClient http, Teller teller)
            throws IOException {
        return new Fetching(settings, fetch, pinned, http, teller);
    }

    /// What is kept from before, looked at without an agent.
    static KeptBuilds kept(Settings settings, Settings.Fetch fetch, Keyring pinned) throws IOException {
        return new KeptBuilds(
                place(settings, fetch),
                device(settings, fetch),
                new OnnxLoader((event, detail) -> {}),
                known(settings, pinned));
    }

    private static BuildKeeper.Place place(Settings settings, Settings.Fetch fetch) {
        Settings.Identity who = settings.identity();
        return new BuildKeeper.Place(
                who.folder().resolve(FOLDER),
                who.tenant(),
                settings.workload().name(),
                fetch.quotaBytes(),
                router(settings).map(router -> new BuildKeeper.Router(router.build(), router.release())));
    }

    static Optional<Settings.FetchedRouter> router(Settings settings) {
        return settings.edge()
                .router()
                .flatMap(router ->
                        router instanceof Settings.FetchedRouter fetched ? Optional.of(fetched) : Optional.empty());
    }

    /// The keys that counted when the agent was last closed: the server's may have changed since the device
    /// was set up.
    static Keyring known(Settings settings, Keyring pinned) throws IOException {
        Settings.Identity who = settings.identity();
        Moment now = new Moment(InstantSource.system().millis(), System.nanoTime());
        return new OrdersState(pinned, who.tenant(), settings.workload().name(), Map.of())
                .keyring(new StandingFile(who.folder(), "").peek(now));
    }

    private static DeviceTraits device(Settings settings, Settings.Fetch fetch) throws IOException {
        DeviceTraits here = DeviceTraits.here(Map.of(OnnxLoader.RUNTIME, OnnxLoader.version()), fetch.providers());
        Settings.About about = settings.identity().about();
        return new DeviceTraits(
                here.os(),
                about.chipset(),
                here.ramBytes(),
                here.runtimes(),
                here.providers(),
                Set.copyOf(about.entitlements()),
                about.driver());
    }

    BuildKeeper keeper() {
        return keeper;
    }

    /// From now on the agent's keys count.
    void serve(EdgeAgent open) {
        agent = open;
    }

    private Keyring keys() {
        EdgeAgent open = agent;
        return open == null ? known : open.keyring();
    }

    @Override
    public void close() {
        keeper.close();
    }
}
