// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.Fixture;
import io.edgewise.agent.ModelAnswer;
import io.edgewise.agent.onnx.OnnxLoader;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.contracts.v1.GoldenCase;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.testkit.SeededCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BuildKeeperTest {
    private static final long MEGABYTES = 100L << 20;
    private static final String HASH = "domain-hash";
    private static final String ENCODER = "domain-encoder";

    @TempDir
    Path folder = Path.of("");

    private final List<String> events = new ArrayList<>();
    private final Workshop workshop = new Workshop();

    private BuildKeeper open(DeviceTraits device, long quota) throws IOException {
        return BuildKeeper.open(
                new BuildKeeper.Place(folder.resolve("builds"), "default", Workshop.WORKLOAD, quota),
                device,
                new BuildKeeper.Surroundings(
                        workshop,
                        new OnnxLoader(this::tell),
                        () -> Keyring.of(Fixture.KEYS.getPublic()),
                        () -> Fixture.NOW,
                        this::tell));
    }

    private BuildKeeper open() throws IOException {
        return open(device("cpu"), MEGABYTES);
    }

    private static DeviceTraits device(String... providers) throws IOException {
        return DeviceTraits.here(Map.of("onnxruntime", OnnxLoader.version()), List.of(providers));
    }

    private void tell(String event, String detail) {
        events.add(event + ": " + detail);
    }

    private void assertTold(String event, String detail) {
        assertThat(events)
                .anySatisfy(told -> assertThat(told).startsWith(event + ": ").contains(detail));
    }

    private void assertRefused(String build, String code) {
        assertThatThrownBy(() -> {
                    try (BuildKeeper keeper = open()) {
                        keeper.obtain(build);
                    }
                })
                .isInstanceOfSatisfying(
                        BuildRefusal.class, e -> assertThat(e.code()).isEqualTo(code));
        assertTold("build-refused", code);
    }

    private Set<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("builds"))) {
            return Set.copyOf(files.map(file -> file.getFileName().toString()).toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {HASH, ENCODER})
    void servesABuildOfAnotherWorkloadByItsManifestAlone(String build) throws Exception {
        workshop.publish(Workshop.draft(build));
        try (BuildKeeper keeper = open()) {
            EdgeModel model = keeper.obtain(build);

            for (JsonNode golden : Workshop.build(build).get("golden")) {
                ModelAnswer answer = model.infer(golden.get("text").asText());
                assertThat(answer.label()).isEqualTo(golden.get("label").asText());
            }
            assertThat(keeper.ready()).containsOnlyKeys(build);
            assertTold("build-proven", build);
            assertTold("provider", "runs on cpu");
            assertTold("placement", "{cpu=1.0}");
        }
    }

    @Test
    void resumesADownloadThatBrokeOff() throws Exception {
        workshop.publish(Workshop.draft(HASH));
        workshop.breaksAfter = 20_000;
        try (BuildKeeper keeper = open()) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> keeper.obtain(HASH)).isInstanceOf(IOException.class);
            }
            assertThat(keeper.obtain(HASH)).isNotNull();
            long size = Workshop.build(HASH).get("bytes").asLong();
            assertThat(workshop.bytes).as("no byte was sent twice").isEqualTo(size);
        }
    }

    @Test
    void startsOverWhereTheSourceDoes() throws Exception {
        workshop.publish(Workshop.draft(HASH));
        workshop.breaksAfter = 20_000;
        try (BuildKeeper keeper = open()) {
            assertThatThrownBy(() -> keeper.obtain(HASH)).isInstanceOf(IOException.class);
            workshop.startsOver = true;
            workshop.breaksAfter = -1;

            assertThat(keeper.obtain(HASH)).isNotNull();
        }
    }

    @Test
    void comesBackAfterARestartWithoutANetwork() throws Exception {
        workshop.publish(Workshop.draft(HASH));
        try (BuildKeeper keeper = open()) {
            keeper.obtain(HASH);
        }
        workshop.files.clear();
        workshop.manifests.clear();
        events.clear();
        try (BuildKeeper keeper = open()) {
            assertThat(keeper.ready()).containsOnlyKeys(HASH);
            assertThat(events).noneMatch(told -> told.startsWith("build-proven"));
        }
    }

    @Test
    void asksTheGoldenCasesAgainWhenTheDeviceChanged() throws Exception {
        workshop.publish(Workshop.draft(HASH));
        try (BuildKeeper keeper = open()) {
            keeper.obtain(HASH);
        }
        events.clear();
        DeviceTraits here = device("cpu");
        DeviceTraits updated = new DeviceTraits(
                here.os(), here.chipset(), here.ramBytes(), here.runtimes(), here.providers(), Set.of(), "driver 2");
        try (BuildKeeper keeper = open(updated, MEGABYTES)) {
            assertThat(keeper.ready()).containsOnlyKeys(HASH);
            assertTold("build-proven", "driver 2");
        }
    }

    @Test
    void doesNotServeWhatAnswersOtherwiseHere() throws Exception {
        BuildManifest.Builder manifest = Workshop.draft(HASH);
        GoldenCase golden = manifest.getGolden(0);
        workshop.publish(manifest.setGolden(0, golden.toBuilder().setLabel("oos")));
        assertRefused(HASH, "golden");
        workshop.publish(
                Workshop.draft(HASH).setGolden(0, golden.toBuilder().setConfidence(golden.getConfidence() + 0.01)));
        assertRefused(HASH, "golden");
    }

    @Test
    void refusesManifestsThatItMayNotBelieve() throws Exception {
        BuildManifest.Builder manifest = Workshop.draft(HASH);
        workshop.publish(manifest);
        workshop.manifests.put(
                HASH,
                Signing.sign(
                        Signing.BUILD,
                        manifest.build().toByteArray(),
                        "k1",
                        Fixture.keys().getPrivate()));
        assertRefused(HASH, "signature");
        workshop.manifests.put(
                HASH, Signing.sign(Signing.DIRECTIVE, manifest.build().toByteArray(), "k1", Fixture.KEYS.getPrivate()));
        assertRefused(HASH, "domain");
        for (Map.Entry<BuildManifest.Builder, String> wrong : Map.of(
                        Workshop.draft(HASH).setTenant("other"), "tenant",
                        Workshop.draft(HASH).setWorkload("other"), "workload",
                        Workshop.draft(HASH).setBuild("other"), "build",
                        Workshop.draft(HASH).setNotAfterMs(Fixture.NOW), "expired",
                        Workshop.draft(HASH).clearGolden(), "malformed",
                        Workshop.draft(HASH).clearLabels(), "malformed",
                        Workshop.draft(HASH).clearPreprocessing(), "preprocessing")
                .entrySet()) {
            workshop.manifests.put(HASH, Workshop.sign(wrong.getKey()));
            assertRefused(HASH, wrong.getValue());
        }
        BuildManifest.Builder path = Workshop.draft(HASH);
        path.getArtifactsBuilder(0).setSha256("../../../etc/passwd");
        workshop.manifests.put(HASH, Workshop.sign(path));
        assertRefused(HASH, "malformed");
    }

    @Test
    void believesNoManifestWithAnyByteChanged() throws Exception {
        Signed signed = Workshop.sign(Workshop.draft(HASH));
        workshop.publish(Workshop.draft(HASH));
        ManifestCheck check = new ManifestCheck(new BuildKeeper.Place(folder, "default", Workshop.WORKLOAD, 1));
        byte[] bytes = signed.getPayload().toByteArray();
        SeededCases.forAll(100, random -> {
            byte[] changed = bytes.clone();
            changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
            Signed forged = signed.toBuilder()
                    .setPayload(com.google.protobuf.ByteString.copyFrom(changed))
                    .build();
            assertThatThrownBy(() -> check.read(forged, Keyring.of(Fixture.KEYS.getPublic()), HASH, Fixture.NOW))
                    .isInstanceOfSatisfying(
                            BuildRefusal.class, e -> assertThat(e.code()).isEqualTo("signature"));
        });
    }

    @Test
    void writesNothingBeyondTheDeclaredLengthAndKeepsNothingThatIsNotWhatWasSigned() throws Exception {
        workshop.publish(Workshop.draft(HASH));
        String sha256 = Workshop.build(HASH).get("sha256").asText();
        byte[] right = Files.readAllBytes(Workshop.DOMAINS.resolve("domain-hash.onnx"));
        byte[] longer = java.util.Arrays.copyOf(right, right.length + 1);
        workshop.files.put(sha256, longer);
        assertRefused(HASH, "too-long");
        assertThat(folder.resolve("builds").resolve(sha256 + ".part")).isEmptyFile();
        byte[] flipped = right.clone();
        flipped[500] ^= 1;
        workshop.files.put(sha256, flipped);
        assertRefused(HASH, "digest");

        assertThat(files()).noneMatch(name -> name.startsWith(sha256));
        workshop.files.put(sha256, right);
        try (BuildKeeper keeper = open()) {
            assertThat(keeper.obtain(HASH)).isNotNull();
        }
    }

    @Test
    void refusesAFileThatTheDiskDamaged() throws Exception {
        workshop.publish(Workshop.draft(HASH));
        try (BuildKeeper keeper = open()) {
            keeper.obtain(HASH);
        }
        Path file = folder.resolve("builds")
                .resolve(Workshop.build(HASH).get("sha256").asText());
        byte[] bytes = Files.readAllBytes(file);
        bytes[900] ^= 1;
        Files.write(file, bytes);
        try (BuildKeeper keeper = open()) {
            assertThat(keeper.ready()).isEmpty();
            assertTold("build-refused", "load");
        }
    }

    @Test
    void neverGoesBackBehindARelease() throws Exception {
        workshop.publish(Workshop.draft(HASH));
        try (BuildKeeper keeper = open()) {
            keeper.obtain(HASH);
        }
        Files.delete(folder.resolve("builds").resolve(HASH + ".manifest"));
        workshop.publish(Workshop.draft(HASH).setRelease(2));
        assertRefused(HASH, "release-below-floor");
    }

    @Test
    void countsAModelThatTookTheProcessDownAndRefusesItTheSecondTime() throws Exception {
        workshop.publish(Workshop.draft(HASH));
        try (BuildKeeper keeper = open()) {
            keeper.obtain(HASH);
        }
        Path mark = folder.resolve("builds").resolve("starting");
        assertThat(mark).doesNotExist();
        Files.writeString(mark, HASH);
        try (BuildKeeper keeper = open()) {
            assertTold("challenger-crash", HASH);
            assertThat(keeper.mourned()).isEqualTo(1);
            assertThat(keeper.ready()).as("once may be chance").containsOnlyKeys(HASH);
        }
        for (int crash = 0; crash < 2; crash++) {
            Files.writeString(mark, HASH);
            // Without its golden cases nothing is proven, so the count goes on.
            workshop.publish(Workshop.draft(HASH));
            Files.deleteIfExists(folder.resolve("builds").resolve(HASH + ".manifest"));
            open().close();
        }
        assertRefused(HASH, "crashed");
    }

    @Test
    void triesALaterReleaseOfABuildThatTookTheProcessDown() throws Exception {
        workshop.publish(Workshop.draft(HASH));
        try (BuildKeeper keeper = open()) {
            keeper.obtain(HASH);
        }
        Files.delete(folder.resolve("builds").resolve(HASH + ".manifest"));
        for (int crash = 0; crash < 2; crash++) {
            Files.writeString(folder.resolve("builds").resolve("starting"), HASH);
            open().close();
        }
        assertRefused(HASH, "crashed");

        workshop.publish(Workshop.draft(HASH).setRelease(4));
        try (BuildKeeper keeper = open()) {
            assertThat(keeper.obtain(HASH)).isNotNull();
        }
    }

    @Test
    void takesWhatFitsTheDeviceAndSaysWhyNotTheRest() throws Exception {
        BuildManifest.Builder manifest = Workshop.draft(HASH);
        manifest.addArtifacts(
                manifest.getArtifacts(0).toBuilder().setProvider("qnn").setSdkVersion("2.40"));
        workshop.publish(manifest);
        try (BuildKeeper keeper = open(device("qnn", "cpu"), MEGABYTES)) {
            EdgeModel model = keeper.obtain(HASH);

            assertThat(model.executionProvider()).isEqualTo("cpu");
            assertTold("artifact-passed-over", "made for version 2.40");
        }
        BuildManifest.Builder greedy = Workshop.draft(HASH).setRelease(4);
        greedy.getArtifactsBuilder(0).setMinimumRamBytes(1L << 50);
        workshop.publish(greedy);
        Files.delete(folder.resolve("builds").resolve(HASH + ".manifest"));
        int before = workshop.asked;
        assertRefused(HASH, "no-artifact");
        assertThat(workshop.asked).as("nothing was downloaded").isEqualTo(before);
    }

    @Test
    void makesRoomForTheNewByTheOldestAndRefusesWhatNeverFits() throws Exception {
        workshop.publish(Workshop.draft(HASH)).publish(Workshop.draft(ENCODER));
        long encoder = Workshop.build(ENCODER).get("bytes").asLong()
                + Workshop.released().get("tokenizer").get("bytes").asLong();
        try (BuildKeeper keeper = open(device("cpu"), encoder + 30_000)) {
            keeper.obtain(HASH);
            keeper.obtain(ENCODER);

            assertThat(keeper.ready()).containsOnlyKeys(ENCODER);
            assertTold("build-evicted", HASH);
            assertThat(files())
                    .doesNotContain(Workshop.build(HASH).get("sha256").asText());
        }
        try (BuildKeeper keeper = open(device("cpu"), 1_000)) {
            assertThatThrownBy(() -> keeper.obtain(HASH))
                    .isInstanceOfSatisfying(
                            BuildRefusal.class, e -> assertThat(e.code()).isEqualTo("quota"));
        }
    }

    @Test
    void twoBuildsThatAreWantedAtOnceAndDoNotFitDoNotDriveEachOtherOut() throws Exception {
        workshop.publish(Workshop.draft(HASH)).publish(Workshop.draft(ENCODER));
        long encoder = Workshop.build(ENCODER).get("bytes").asLong()
                + Workshop.released().get("tokenizer").get("bytes").asLong();
        try (BuildKeeper keeper = open(device("cpu"), encoder + 30_000)) {
            BuildKeeper.Wish both = new BuildKeeper.Wish(Set.of(HASH, ENCODER), () -> true);
            keeper.obtain(HASH, both);

            assertThatThrownBy(() -> keeper.obtain(ENCODER, both))
                    .isInstanceOfSatisfying(
                            BuildRefusal.class, e -> assertThat(e.code()).isEqualTo("quota"));
            assertThat(keeper.ready()).containsOnlyKeys(HASH);
        }
    }

    /// Whoever still had it would ask a closed model for as long as the next one is on its way.
    @Test
    void aBuildThatMakesRoomIsTakenAwayBeforeItIsClosedAndBeforeTheNextOneComes() throws Exception {
        workshop.publish(Workshop.draft(HASH)).publish(Workshop.draft(ENCODER));
        List<String> heard = new ArrayList<>();
        try (BuildKeeper keeper = open(device("cpu"), Workshop.roomForOne())) {
            EdgeModel evicted = keeper.obtain(HASH);
            keeper.onChange(() -> heard.add(keeper.ready().keySet() + " " + (answers(evicted) ? "open" : "closed")));
            workshop.breaksAfter = 20_000;

            assertThatThrownBy(() -> keeper.obtain(ENCODER)).isInstanceOf(IOException.class);
            assertThat(heard).containsExactly("[] open");
            assertThat(answers(evicted)).isFalse();

            workshop.breaksAfter = -1;
            keeper.obtain(ENCODER);
            assertThat(heard).containsExactly("[] open", "[" + ENCODER + "] closed");
        }
    }

    private static boolean answers(EdgeModel model) {
        try {
            return !model.infer("hello").label().isEmpty();
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void aNameThatIsNoneIsNotAskedFor() throws Exception {
        assertRefused("../../etc/passwd", "malformed");
        assertThat(workshop.asked).isZero();
    }

    @Test
    void aBuildThatMadeRoomFailsAtOnceAndTakesNothingDown() throws Exception {
        workshop.publish(Workshop.draft(HASH));
        EdgeModel model;
        try (BuildKeeper keeper = open()) {
            model = keeper.obtain(HASH);
        }

        assertThatThrownBy(() -> model.infer("hello"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is closed");
    }

    @Test
    void goesBackWithoutADownload() throws Exception {
        workshop.publish(Workshop.draft(HASH)).publish(Workshop.draft(ENCODER));
        try (BuildKeeper keeper = open()) {
            keeper.obtain(HASH);
            keeper.obtain(ENCODER);
            int before = workshop.asked;

            assertThat(keeper.obtain(HASH)).isSameAs(keeper.ready().get(HASH));
            assertThat(workshop.asked).isEqualTo(before);
        }
    }
}
