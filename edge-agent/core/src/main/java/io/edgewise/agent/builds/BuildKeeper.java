// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.orders.DurableFile;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.contracts.Names;
import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.contracts.v1.Preprocessing;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The builds of one workload on this device. A build gets to serve only when its manifest is signed by a
/// key that counts, an artifact fits the device, its file is the one that the manifest names, and the
/// model answers the golden cases here as it did where it was made; these are asked again whenever
/// runtime, driver, operating system or provider are not those of the last time. Files stay until the
/// quota needs their room, those wanted longest ago first, so that going back needs no download.
///
/// A mark on disk says that a build's first native calls began; a mark that is there at the next start
/// tells of a model that took the process down. After the second time the build is refused, until a later
/// release of it comes.
public final class BuildKeeper implements AutoCloseable {
    private static final int MOST_CRASHES = 2;
    private static final String MARK = "starting";

    /// Where builds live, for whom, how much room they may take, and which of them is the router's.
    public record Place(Path folder, String tenant, String workload, long quotaBytes, Optional<Router> router) {
        public Place(Path folder, String tenant, String workload, long quotaBytes) {
            this(folder, tenant, workload, quotaBytes, Optional.empty());
        }

        boolean isRouter(String build) {
            return router.isPresent() && router.get().build().equals(build);
        }
    }

    /// A build that answers nobody: it scores requests. No other release of it is taken.
    public record Router(String build, long release) {}

    /// What the keeper stands on. `events` hears of what the server should know: the event and the words
    /// for it.
    public record Surroundings(
            BuildSource source,
            ModelLoader loader,
            Supplier<Keyring> keys,
            LongSupplier wallMs,
            BiConsumer<String, String> events) {}

    private final Place place;
    private final Surroundings surroundings;
    private final DeviceTraits device;
    private final ManifestCheck check;
    private final Fetch fetch;
    private final BuildState state;
    private volatile Map<String, EdgeModel> ready = Map.of();
    private final AtomicLong mourned = new AtomicLong();
    private volatile Runnable onChange = () -> {};

    private BuildKeeper(Place place, DeviceTraits device, Surroundings surroundings) throws IOException {
        this.place = place;
        this.device = device;
        this.surroundings = surroundings;
        this.check = new ManifestCheck(place);
        Files.createDirectories(place.folder());
        this.fetch = new Fetch(place.folder(), surroundings.source());
        this.state = BuildState.load(place.folder());
    }

    /// Opens the keeper and loads what is here; what does not load any more is told of and left out.
    public static BuildKeeper open(Place place, DeviceTraits device, Surroundings surroundings) throws IOException {
        BuildKeeper keeper = new BuildKeeper(place, device, surroundings);
        keeper.mourn();
        for (String build : keeper.state.entries().keySet()) {
            keeper.resume(build);
        }
        return keeper;
    }

    private Path markFile() {
        return place.folder().resolve(MARK);
    }

    private Path manifestFile(String build) {
        return KeptBuilds.manifest(place.folder(), build);
    }

    /// Whoever was starting when the process ended took it down.
    private void mourn() throws IOException {
        if (!Files.exists(markFile())) {
            return;
        }
        String build = Files.readString(markFile());
        state.put(build, state.of(build).crashed());
        mourned.incrementAndGet();
        tell(
                "challenger-crash",
                "build " + build + " took the agent down in its first calls, "
                        + state.of(build).crashes() + " times so far");
        Files.delete(markFile());
        DurableFile.sync(place.folder());
    }

    private void resume(String build) {
        try {
            if (!Files.exists(manifestFile(build))) {
                return;
            }
            Signed signed = Signed.parseFrom(Files.readAllBytes(manifestFile(build)));
            var _ = install(build, signed, new Wish(Set.of(), () -> true));
        } catch (InvalidProtocolBufferException e) {
            tell("build-refused", "the kept manifest of " + build + " is damaged");
        } catch (BuildRefusal e) {
            tell("build-refused", e.code() + ": " + e.getMessage());
        } catch (IOException e) {
            tell("build-missing", e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    /// How many builds were found, when this keeper was opened, to have taken the process down before.
    public long mourned() {
        return mourned.get();
    }

    /// What may serve now. Waits for no download.
    public Map<String, EdgeModel> ready() {
        Map<String, EdgeModel> serving = new HashMap<>(ready);
        place.router().ifPresent(router -> serving.remove(router.build()));
        return serving;
    }

    /// Whether this build is here and proven, to serve or to score.
    public boolean has(String build) {
        return ready.containsKey(build);
    }

    /// The router's build, where the settings name one.
    public Optional<String> router() {
        return place.router().map(Router::build);
    }

    /// The same when it is here.
    public Optional<EdgeModel> scoring() {
        return router().flatMap(build -> Optional.ofNullable(ready.get(build)));
    }

    /// Hears when other builds are ready than before: of one that makes room before it is closed.
    public void onChange(Runnable listener) {
        onChange = listener;
    }

    private void change(Map<String, EdgeModel> next) {
        ready = Map.copyOf(next);
        onChange.run();
    }

    /// How a build is wanted: without giving up any of those beside it, and its files come for as long as `lasts`.
    public record Wish(Set<String> beside, BooleanSupplier lasts) {}

    /// Makes a build ready that a signed order names. An IOException means: try again later.
    public EdgeModel obtain(String build) throws IOException, BuildRefusal {
        return obtain(build, new Wish(Set.of(), () -> true));
    }

    public synchronized EdgeModel obtain(String build, Wish wish) throws IOException, BuildRefusal {
        try {
            if (!Names.isValid(build)) {
                throw new BuildRefusal("malformed", "an order names a build \"" + build + "\", which is no name");
            }
            state.put(build, state.of(build).wanted(nextTurn()));
            EdgeModel here = ready.get(build);
            if (here != null) {
                return here;
            }
            Optional<Signed> signed = surroundings.source().manifest(build);
            if (signed.isEmpty()) {
                throw new IOException("there is no manifest of build " + build + " yet");
            }
            return install(build, signed.get(), wish);
        } catch (BuildRefusal e) {
            tell("build-refused", e.code() + ": " + e.getMessage());
            throw e;
        }
    }

    private long nextTurn() {
        return 1
                + state.entries().values().stream()
                        .mapToLong(BuildState.Entry::wanted)
                        .max()
                        .orElse(0);
    }

    private EdgeModel install(String build, Signed signed, Wish wish) throws IOException, BuildRefusal {
        BuildManifest manifest = check.read(
                signed, surroundings.keys().get(), build, surroundings.wallMs().getAsLong());
        BuildState.Entry entry = state.of(build);
        if (manifest.getRelease() < entry.release()) {
            throw new BuildRefusal(
                    "release-below-floor",
                    "release " + manifest.getRelease() + " of " + build + " is older than release " + entry.release()
                            + ", which was here");
        }
        ArtifactChoice choice = ArtifactChoice.of(manifest, device);
        choice.passedOver().forEach(why -> tell("artifact-passed-over", build + " " + why));
        Artifact artifact = choice.artifact()
                .orElseThrow(() -> new BuildRefusal(
                        "no-artifact",
                        "no artifact of " + build + " fits this device: " + String.join("; ", choice.passedOver())));
        // Of other bytes nothing is known yet.
        boolean isAnother = manifest.getRelease() > entry.release()
                || !entry.artifact().isEmpty() && !entry.artifact().equals(artifact.getSha256());
        int crashes = isAnother ? 0 : entry.crashes();
        if (crashes >= MOST_CRASHES) {
            throw new BuildRefusal("crashed", "build " + build + " took the agent down " + crashes + " times");
        }
        makeRoom(manifest, artifact, wish.beside());
        Map<String, Path> files = new HashMap<>();
        for (Map.Entry<String, Long> file : more(manifest).entrySet()) {
            files.put(file.getKey(), fetch.get(file.getKey(), file.getValue(), wish.lasts()));
        }
        Path file = fetch.get(artifact.getSha256(), artifact.getBytes(), wish.lasts());
        DurableFile.write(manifestFile(build), signed.toByteArray());
        state.put(
                build,
                new BuildState.Entry(
                        artifact.getSha256(), manifest.getRelease(), entry.fingerprint(), crashes, entry.wanted()));
        EdgeModel model = start(manifest, artifact, file, files);
        Map<String, EdgeModel> more = new HashMap<>(ready);
        more.put(build, model);
        change(more);
        return model;
    }

    /// The files that come with every artifact, with their lengths.
    static Map<String, Long> more(BuildManifest manifest) {
        Preprocessing preprocessing = manifest.getPreprocessing();
        return preprocessing.hasHuggingFace()
                ? Map.of(
                        preprocessing.getHuggingFace().getSha256(),
                        preprocessing.getHuggingFace().getBytes())
                : Map.of();
    }

    private EdgeModel start(BuildManifest manifest, Artifact artifact, Path file, Map<String, Path> more)
            throws IOException, BuildRefusal {
        String build = manifest.getBuild();
        DurableFile.write(markFile(), build.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        EdgeModel model = null;
        boolean isProven = false;
        try {
            model = load(manifest, artifact, file, more);
            String fingerprint = fingerprint(artifact, model);
            if (!state.of(build).fingerprint().equals(fingerprint)) {
                Golden.check(manifest, model);
                state.put(build, state.of(build).proven(fingerprint));
                tell("build-proven", build + " answers its golden cases on " + fingerprint);
            }
            isProven = true;
            return model;
        } finally {
            Files.deleteIfExists(markFile());
            if (model != null && !isProven) {
                model.close();
            }
        }
    }

    private EdgeModel load(BuildManifest manifest, Artifact artifact, Path file, Map<String, Path> more)
            throws BuildRefusal {
        try {
            return surroundings.loader().load(manifest, artifact, file, more);
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new BuildRefusal("load", "build " + manifest.getBuild() + " does not load: " + e.getMessage(), e);
        }
    }

    /// What an answer of the model hangs on.
    private String fingerprint(Artifact artifact, EdgeModel model) {
        return String.join(
                " ",
                artifact.getSha256().substring(0, 12),
                model.runtime(),
                model.runtimeVersion(),
                model.executionProvider(),
                device.driver().isEmpty() ? "no-driver" : device.driver(),
                device.os().name(),
                device.os().version(),
                device.os().arch());
    }

    /// Deletes builds that were wanted longest ago until the files to come fit; before anything is
    /// downloaded. Two builds that are wanted at once and do not fit would drive each other out for ever.
    private void makeRoom(BuildManifest manifest, Artifact artifact, Set<String> beside)
            throws IOException, BuildRefusal {
        String build = manifest.getBuild();
        Set<String> needed = new HashSet<>(more(manifest).keySet());
        needed.add(artifact.getSha256());
        long whole = artifact.getBytes()
                + more(manifest).values().stream().mapToLong(Long::longValue).sum();
        if (whole > place.quotaBytes()) {
            throw new BuildRefusal(
                    "quota",
                    "build " + build + " takes " + whole + " bytes; models may take " + place.quotaBytes()
                            + " on this device");
        }
        long missing = fetch.missing(artifact.getSha256(), artifact.getBytes());
        for (Map.Entry<String, Long> file : more(manifest).entrySet()) {
            missing += fetch.missing(file.getKey(), file.getValue());
        }
        if (missing > 0 && used() + missing > place.quotaBytes()) {
            fetch.forgetPartsBut(needed);
        }
        List<String> oldest = state.entries().entrySet().stream()
                .filter(entry -> !entry.getValue().artifact().isEmpty())
                .filter(entry -> !entry.getKey().equals(build) && !beside.contains(entry.getKey()))
                .sorted(Comparator.comparingLong(entry -> entry.getValue().wanted()))
                .map(Map.Entry::getKey)
                .toList();
        for (String other : oldest) {
            if (missing == 0 || used() + missing <= place.quotaBytes()) {
                return;
            }
            forget(other, needed);
        }
        if (missing > 0 && !beside.isEmpty() && used() + missing > place.quotaBytes()) {
            throw new BuildRefusal(
                    "quota",
                    "build " + build + " needs " + missing + " bytes more, and models may take " + place.quotaBytes()
                            + " on this device, beside what else is wanted now");
        }
    }

    private long used() throws IOException {
        try (Stream<Path> files = Files.list(place.folder())) {
            long used = 0;
            for (Path file : files.toList()) {
                used += Files.size(file);
            }
            return used;
        }
    }

    private void forget(String build, Set<String> needed) throws IOException {
        Map<String, EdgeModel> less = new HashMap<>(ready);
        EdgeModel model = less.remove(build);
        if (model != null) {
            change(less);
            model.close();
        }
        String artifact = state.of(build).artifact();
        boolean isShared = needed.contains(artifact)
                || state.entries().entrySet().stream()
                        .anyMatch(other -> !other.getKey().equals(build)
                                && other.getValue().artifact().equals(artifact));
        if (!artifact.isEmpty() && !isShared) {
            Files.deleteIfExists(fetch.file(artifact));
        }
        Files.deleteIfExists(manifestFile(build));
        state.put(build, state.of(build).evicted());
        tell("build-evicted", build + " made room for another; it must be fetched again when it is wanted");
    }

    private void tell(String event, String detail) {
        surroundings.events().accept(event, detail);
    }

    /// Unloads the models; the files stay.
    @Override
    public synchronized void close() {
        ready.values().forEach(EdgeModel::close);
        ready = Map.of();
    }
}
