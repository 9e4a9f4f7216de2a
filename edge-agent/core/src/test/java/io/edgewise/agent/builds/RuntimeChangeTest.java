// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.Fixture;
import io.edgewise.agent.onnx.OnnxLoader;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.contracts.v1.BuildManifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a keeper does at a start after which something of the device is another than before.
class RuntimeChangeTest {
    private static final String HASH = "domain-hash";
    /// `doc_string` of an ONNX model, whose number is 6.
    private static final int DOC = 6 << 3 | 2;

    @TempDir
    private Path folder = Path.of("");

    private final List<String> events = new ArrayList<>();
    private final Workshop workshop = new Workshop();
    private String made = "";
    private String plain = "";

    /// One artifact is made for this version of the runtime alone, and another, the same model with a
    /// remark, for any.
    @BeforeEach
    void publish() throws Exception {
        byte[] model = Files.readAllBytes(Workshop.DOMAINS.resolve("domain-hash.onnx"));
        ByteArrayOutputStream remarked = new ByteArrayOutputStream();
        remarked.write(model);
        byte[] remark = "for any version".getBytes(StandardCharsets.UTF_8);
        remarked.write(DOC);
        remarked.write(remark.length);
        remarked.write(remark);
        plain = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(remarked.toByteArray()));
        BuildManifest.Builder manifest = Workshop.draft(HASH);
        made = manifest.getArtifacts(0).getSha256();
        manifest.getArtifactsBuilder(0).setSdkVersion(OnnxLoader.version());
        manifest.addArtifacts(manifest.getArtifacts(0).toBuilder()
                .clearSdkVersion()
                .setSha256(plain)
                .setBytes(remarked.size()));
        workshop.publish(manifest);
        workshop.put(remarked.toByteArray());
    }

    private BuildKeeper open(UnaryOperator<DeviceTraits> change) throws IOException {
        events.clear();
        DeviceTraits here = DeviceTraits.here(Map.of(OnnxLoader.RUNTIME, OnnxLoader.version()), List.of("cpu"));
        return BuildKeeper.open(
                new BuildKeeper.Place(folder, "default", Workshop.WORKLOAD, 100L << 20),
                change.apply(here),
                new BuildKeeper.Surroundings(
                        workshop,
                        new OnnxLoader((event, detail) -> {}),
                        () -> Keyring.of(Fixture.KEYS.getPublic()),
                        () -> Fixture.NOW,
                        (event, detail) -> events.add(event + ": " + detail)));
    }

    private static DeviceTraits runtime(DeviceTraits here) {
        return new DeviceTraits(
                here.os(),
                here.chipset(),
                here.ramBytes(),
                Map.of(OnnxLoader.RUNTIME, "99.0"),
                here.providers(),
                Set.of(),
                here.driver());
    }

    private void first() throws Exception {
        try (BuildKeeper keeper = open(here -> here)) {
            assertThat(keeper.obtain(HASH).artifactSha256()).isEqualTo(made);
            assertThat(events).noneMatch(told -> told.startsWith("artifact-passed-over"));
        }
    }

    @Test
    void aRuntimeThatChangedSinceTheLastStartTakesThePathThatNeedsNoneInParticular() throws Exception {
        first();
        try (BuildKeeper keeper = open(RuntimeChangeTest::runtime)) {
            EdgeModel model = Objects.requireNonNull(keeper.ready().get(HASH));

            assertThat(model.artifactSha256()).isEqualTo(plain);
            assertThat(events)
                    .anyMatch(told -> told.startsWith("artifact-passed-over") && told.contains("but 99.0 is here"));
            assertThat(events).anyMatch(told -> told.startsWith("build-proven"));
        }
    }

    @Test
    void withoutANetworkItServesNothingThatDoesNotFitAndFetchesWhatDoesWhenThereIsOneAgain() throws Exception {
        first();
        Map<String, byte[]> away = Map.copyOf(workshop.files);
        workshop.files.clear();
        try (BuildKeeper keeper = open(RuntimeChangeTest::runtime)) {
            assertThat(keeper.ready()).isEmpty();
            assertThat(events).anyMatch(told -> told.startsWith("build-missing"));

            workshop.files.putAll(away);
            assertThat(keeper.obtain(HASH).artifactSha256()).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "driver", "system", "version"})
    void theGoldenCasesAreAskedAgainWhenTheirAnswersMayHaveChangedAndNotElse(String changed) throws Exception {
        first();
        try (BuildKeeper keeper = open(here -> new DeviceTraits(
                switch (changed) {
                    case "system" ->
                        new DeviceTraits.Os(
                                "android", here.os().version(), here.os().arch());
                    case "version" ->
                        new DeviceTraits.Os(here.os().name(), "99.1", here.os().arch());
                    default -> here.os();
                },
                here.chipset(),
                here.ramBytes(),
                here.runtimes(),
                here.providers(),
                Set.of(),
                changed.equals("driver") ? "htp 2.31" : here.driver()))) {
            assertThat(keeper.ready()).containsOnlyKeys(HASH);
            assertThat(events.stream().anyMatch(told -> told.startsWith("build-proven")))
                    .isEqualTo(!changed.equals("nothing"));
        }
    }
}
