// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The builds that a keeper keeps, looked at from beside it: believed as it believes them, and nothing is fetched,
/// marked or told.
public final class KeptBuilds {
    private static final String MANIFEST = ".manifest";

    private final BuildKeeper.Place place;
    private final DeviceTraits device;
    private final ModelLoader loader;
    private final Keyring keys;

    public KeptBuilds(BuildKeeper.Place place, DeviceTraits device, ModelLoader loader, Keyring keys) {
        this.place = place;
        this.device = device;
        this.loader = loader;
        this.keys = keys;
    }

    static Path manifest(Path folder, String build) {
        return folder.resolve(build + MANIFEST);
    }

    public List<String> names() throws IOException {
        if (!Files.isDirectory(place.folder())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(place.folder())) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(MANIFEST))
                    .map(name -> name.substring(0, name.length() - MANIFEST.length()))
                    .sorted()
                    .toList();
        }
    }

    /// A model of its own, and how many bytes its file has.
    public record Loaded(EdgeModel model, long bytes) {}

    public Loaded load(String build, long wallMs) throws IOException, BuildRefusal {
        BuildManifest manifest = new ManifestCheck(place).read(signed(build), keys, build, wallMs);
        ArtifactChoice choice = ArtifactChoice.of(manifest, device);
        Artifact artifact = choice.artifact()
                .orElseThrow(() -> new BuildRefusal(
                        "no-artifact",
                        "no artifact of " + build + " fits this device: " + String.join("; ", choice.passedOver())));
        Map<String, Path> more = new HashMap<>();
        for (String sha256 : BuildKeeper.more(manifest).keySet()) {
            more.put(sha256, file(build, sha256));
        }
        EdgeModel model = loader.load(manifest, artifact, file(build, artifact.getSha256()), more);
        return new Loaded(model, artifact.getBytes());
    }

    private Signed signed(String build) throws IOException {
        try {
            return Signed.parseFrom(Files.readAllBytes(manifest(place.folder(), build)));
        } catch (InvalidProtocolBufferException e) {
            throw new IOException("the kept manifest of " + build + " is damaged", e);
        }
    }

    private Path file(String build, String sha256) throws IOException {
        Path file = place.folder().resolve(sha256);
        if (!Files.exists(file)) {
            throw new IOException("file " + sha256 + " of build " + build + " is not here; it is fetched when an order"
                    + " names the build");
        }
        return file;
    }
}
