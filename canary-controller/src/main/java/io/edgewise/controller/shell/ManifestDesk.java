// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.Names;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.controller.KeyCabinet;
import io.edgewise.controller.Model;
import io.edgewise.controller.SigningKeys;
import io.edgewise.runtime.access.Caller;
import io.edgewise.runtime.jdbc.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Signs builds' manifests: a device loads no model that none names. Only builds that are registered, with the files
/// that they were registered with.
@ApplicationScoped
public class ManifestDesk {
    private final Database database;
    private final Signer signer;
    private final InstantSource clock;
    private final String tenant;
    private final Catalog catalog = new Catalog();

    @Inject
    public ManifestDesk(Database database, KeyCabinet keys, InstantSource clock, ControllerConfig config) {
        this.database = database;
        this.signer = new Signer(keys);
        this.clock = clock;
        this.tenant = config.tenant();
    }

    /// `manifest` is a serialized `BuildManifest` in Base64.
    public record ManifestBody(@Nullable String manifest) {}

    /// `signed` is what a file server gives as `{build}.manifest`, in Base64.
    public record ManifestView(String build, String workload, long release, String signed) {}

    ManifestView sign(String body, Caller caller) {
        BuildManifest manifest =
                read(Json.read("the manifest", body, ManifestBody.class).manifest());
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return Transactions.run(database, sql -> {
            Model.Build build = catalog.build(sql, tenant, manifest.getBuild(), manifest.getWorkload());
            for (Artifact artifact : manifest.getArtifactsList()) {
                require(
                        build.artifacts().containsValue(artifact.getSha256()),
                        "artifacts: " + artifact.getSha256() + " is not among those that build " + manifest.getBuild()
                                + " was registered with; another file is another build");
            }
            byte[] payload = manifest.toBuilder()
                    .setTenant(tenant)
                    .setIssuedAtMs(now.toEpochMilli())
                    .build()
                    .toByteArray();
            SigningKeys key = signer.key(sql, tenant);
            ActBook.append(
                    sql,
                    tenant,
                    new ActBook.Act(
                            "manifest-signed",
                            caller.name(),
                            caller.name() + " had the manifest of build " + manifest.getBuild() + ", release "
                                    + manifest.getRelease() + ", signed.",
                            Map.of(
                                    "build", manifest.getBuild(),
                                    "key", key.keyId(),
                                    "workload", manifest.getWorkload())),
                    now);
            return new ManifestView(
                    manifest.getBuild(),
                    manifest.getWorkload(),
                    manifest.getRelease(),
                    Base64.getEncoder()
                            .encodeToString(key.sign(Signing.BUILD, payload).toByteArray()));
        });
    }

    private static BuildManifest read(@Nullable String base64) {
        BuildManifest manifest;
        try {
            manifest = BuildManifest.parseFrom(Base64.getDecoder().decode(base64 == null ? "" : base64));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw Problem.invalid("the manifest", "manifest: must be a serialized BuildManifest in Base64");
        }
        require(Names.isValid(manifest.getBuild()), "build: must be the build's name");
        require(Names.isValid(manifest.getWorkload()), "workload: must be the workload's name");
        require(manifest.getRelease() > 0, "release: counts from 1");
        require(manifest.getArtifactsCount() > 0, "artifacts: it has none");
        require(manifest.getLabelsCount() > 0, "labels: it has none");
        require(
                manifest.getGoldenCount() > 0,
                "golden: it has no cases; without any no device can tell whether it runs right");
        return manifest;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw Problem.invalid("the manifest", otherwise);
        }
    }
}
