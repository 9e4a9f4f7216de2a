// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.edgewise.agent.EdgeModel;
import io.edgewise.agent.Fixture;
import io.edgewise.agent.onnx.OnnxLoader;
import io.edgewise.agent.orders.Keyring;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.testkit.SeededCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The attacks on updates that The Update Framework lists, each in a hundred forms, on a device that serves another
/// build meanwhile.
final class BuildAttacksTest {
    private static final String SERVING = "domain-encoder";
    private static final String ATTACKED = "domain-hash";
    private static final long RELEASE = 3;
    private static final KeyPair FOREIGN = Fixture.keys();
    /// Above what the device takes when nothing is attacked: a manifest, a mark, and what it remembers.
    private static final long SMALL_FILES = 20_000;

    @TempDir
    Path folder = Path.of("");

    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Workshop workshop = new Workshop();
    private BuildKeeper keeper;
    private EdgeModel serving;
    private byte[] artifact;
    private String sha256;

    @BeforeEach
    void serve() throws Exception {
        workshop.publish(Workshop.draft(SERVING)).publish(Workshop.draft(ATTACKED));
        keeper = BuildKeeper.open(
                new BuildKeeper.Place(folder, "default", Workshop.WORKLOAD, 100L << 20),
                DeviceTraits.here(Map.of("onnxruntime", OnnxLoader.version()), List.of("cpu")),
                new BuildKeeper.Surroundings(
                        workshop,
                        new OnnxLoader((_, _) -> {}),
                        () -> Keyring.of(Fixture.KEYS.getPublic()),
                        () -> Fixture.NOW,
                        (event, detail) -> events.add(event + " " + detail)));
        serving = keeper.obtain(SERVING);
        sha256 = Workshop.build(ATTACKED).get("sha256").asText();
        artifact = Files.readAllBytes(Workshop.DOMAINS.resolve("domain-hash.onnx"));
    }

    @AfterEach
    void stop() {
        keeper.close();
    }

    /// What an attacker does, and the code of the refusal; an empty one means that it is tried again later.
    enum Attack {
        ARBITRARY_SOFTWARE("signature") {
            @Override
            void on(BuildAttacksTest test, SplittableRandom random) throws IOException {
                BuildManifest.Builder manifest = Workshop.draft(ATTACKED).setRelease(RELEASE + random.nextInt(1_000));
                test.offer(Signing.sign(Signing.BUILD, manifest.build().toByteArray(), "k1", FOREIGN.getPrivate()));
            }
        },
        CHANGED_MANIFEST("signature") {
            @Override
            void on(BuildAttacksTest test, SplittableRandom random) throws IOException {
                Signed signed = Workshop.sign(Workshop.draft(ATTACKED));
                test.offer(signed.toBuilder()
                        .setPayload(
                                ByteString.copyFrom(flipped(signed.getPayload().toByteArray(), random)))
                        .build());
            }
        },
        CHANGED_SIGNATURE("signature") {
            @Override
            void on(BuildAttacksTest test, SplittableRandom random) throws IOException {
                Signed signed = Workshop.sign(Workshop.draft(ATTACKED));
                test.offer(signed.toBuilder()
                        .setSignature(ByteString.copyFrom(
                                flipped(signed.getSignature().toByteArray(), random)))
                        .build());
            }
        },
        SIGNED_FOR_SOMETHING_ELSE("domain") {
            @Override
            void on(BuildAttacksTest test, SplittableRandom random) throws IOException {
                String domain = List.of(Signing.DIRECTIVE, Signing.LEASE, Signing.KEYS, "")
                        .get(random.nextInt(4));
                byte[] manifest = Workshop.draft(ATTACKED)
                        .setRelease(RELEASE + random.nextInt(1_000))
                        .build()
                        .toByteArray();
                test.offer(Signing.sign(domain, manifest, "k1", Fixture.KEYS.getPrivate()));
            }
        },
        WRONG_SOFTWARE("build") {
            @Override
            void on(BuildAttacksTest test, SplittableRandom random) throws IOException {
                test.offer(Workshop.sign(Workshop.draft(SERVING).setRelease(RELEASE + random.nextInt(1_000))));
            }
        },
        OF_ANOTHER_WORKLOAD("workload") {
            @Override
            void on(BuildAttacksTest test, SplittableRandom random) throws IOException {
                test.offer(Workshop.sign(Workshop.draft(ATTACKED).setWorkload("w-" + random.nextInt())));
            }
        },
        OF_ANOTHER_TENANT("tenant") {
            @Override
            void on(BuildAttacksTest test, SplittableRandom random) throws IOException {
                test.offer(Workshop.sign(Workshop.draft(ATTACKED).setTenant("t-" + random.nextInt())));
            }
        },
        INDEFINITE_FREEZE("expired") {
            @Override
            void on(BuildAttacksTest test, SplittableRandom random) throws IOException {
                test.offer(Workshop.sign(
                        Workshop.draft(ATTACKED).setNotAfterMs(Fixture.NOW - random.nextLong(Fixture.NOW))));
            }
        },
        ENDLESS_DATA("too-long") {
            @Override
            void on(BuildAttacksTest test, SplittableRandom random) {
                test.workshop.endlessFrom = random.nextInt(test.artifact.length);
            }
        },
        /// What was signed is release 3; what is sent is another one's file, or a damaged one.
        MIX_AND_MATCH("digest") {
            @Override
            void on(BuildAttacksTest test, SplittableRandom random) {
                test.workshop.files.put(test.sha256, flipped(test.artifact, random));
            }
        },
        SLOW_RETRIEVAL("") {
            @Override
            void on(BuildAttacksTest test, SplittableRandom random) {
                test.workshop.files.put(
                        test.sha256, Arrays.copyOf(test.artifact, random.nextInt(test.artifact.length)));
            }
        },
        NO_SUCH_FILE("") {
            @Override
            void on(BuildAttacksTest test, SplittableRandom random) {
                test.workshop.files.remove(test.sha256);
            }
        };

        private final String code;

        Attack(String code) {
            this.code = code;
        }

        abstract void on(BuildAttacksTest test, SplittableRandom random) throws IOException;
    }

    private void offer(Signed manifest) {
        workshop.manifests.put(ATTACKED, manifest);
    }

    private static byte[] flipped(byte[] bytes, SplittableRandom random) {
        byte[] changed = bytes.clone();
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        return changed;
    }

    @ParameterizedTest
    @EnumSource
    void noFormOfItIsServedAndWhatServesGoesOn(Attack attack) throws Exception {
        long usual = used() + artifact.length + SMALL_FILES;
        SeededCases.forAll(100, random -> {
            restore();
            attack.on(this, random);

            assertThatThrownBy(() -> keeper.obtain(ATTACKED)).satisfies(refusal -> {
                if (attack.code.isEmpty()) {
                    assertThat(refusal).isInstanceOf(IOException.class);
                } else {
                    assertThat(refusal)
                            .isInstanceOfSatisfying(
                                    BuildRefusal.class,
                                    e -> assertThat(e.code()).isEqualTo(attack.code));
                }
            });
            assertThat(keeper.ready()).containsExactly(Map.entry(SERVING, serving));
            assertThat(used()).isLessThanOrEqualTo(usual);
        });
        if (!attack.code.isEmpty()) {
            assertThat(events).anyMatch(event -> event.startsWith("build-refused " + attack.code + ": "));
        }
        assertThat(serving.infer("hello").label()).isNotEmpty();

        // Nothing of it is left in the way of the right one.
        restore();
        assertThat(keeper.obtain(ATTACKED)).isNotNull();
    }

    private void restore() throws IOException {
        workshop.endlessFrom = -1;
        workshop.files.put(sha256, artifact);
        offer(Workshop.sign(Workshop.draft(ATTACKED)));
    }

    private long used() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            long used = 0;
            for (Path file : files.toList()) {
                used += Files.size(file);
            }
            return used;
        }
    }

    /// A release that nobody vouches for does not move the floor: the right one could not be installed any more.
    @Test
    void fastForwardByAnotherKeyLeavesTheFloorWhereItWas() throws Exception {
        SeededCases.forAll(100, random -> {
            byte[] manifest = Workshop.draft(ATTACKED)
                    .setRelease(Long.MAX_VALUE - random.nextInt(100))
                    .build()
                    .toByteArray();
            offer(Signing.sign(Signing.BUILD, manifest, "k1", FOREIGN.getPrivate()));
            assertThatThrownBy(() -> keeper.obtain(ATTACKED)).isInstanceOf(BuildRefusal.class);
        });
        restore();

        assertThat(keeper.obtain(ATTACKED)).isNotNull();
    }

    /// Also after the build had to make room, and over restarts.
    @Test
    void rollBackOfAReleaseIsRefusedHoweverLongAgoItWasHere() throws Exception {
        keeper.obtain(ATTACKED);
        keeper.close();
        long encoder = Workshop.build(SERVING).get("bytes").asLong()
                + Workshop.released().get("tokenizer").get("bytes").asLong();
        BuildKeeper.Place small = new BuildKeeper.Place(folder, "default", Workshop.WORKLOAD, encoder + 30_000);
        Files.delete(folder.resolve(SERVING + ".manifest"));
        Files.delete(folder.resolve(Workshop.build(SERVING).get("sha256").asText()));
        try (BuildKeeper tight = reopen(small)) {
            tight.obtain(SERVING);
            assertThat(events).anyMatch(event -> event.startsWith("build-evicted " + ATTACKED));
        }
        keeper = reopen(new BuildKeeper.Place(folder, "default", Workshop.WORKLOAD, 100L << 20));
        for (long older = 1; older < RELEASE; older++) {
            offer(Workshop.sign(Workshop.draft(ATTACKED).setRelease(older)));
            assertThatThrownBy(() -> keeper.obtain(ATTACKED))
                    .isInstanceOfSatisfying(
                            BuildRefusal.class, e -> assertThat(e.code()).isEqualTo("release-below-floor"));
        }
        restore();
        assertThat(keeper.obtain(ATTACKED)).isNotNull();
    }

    private BuildKeeper reopen(BuildKeeper.Place place) throws IOException {
        return BuildKeeper.open(
                place,
                DeviceTraits.here(Map.of("onnxruntime", OnnxLoader.version()), List.of("cpu")),
                new BuildKeeper.Surroundings(
                        workshop,
                        new OnnxLoader((_, _) -> {}),
                        () -> Keyring.of(Fixture.KEYS.getPublic()),
                        () -> Fixture.NOW,
                        (event, detail) -> events.add(event + " " + detail)));
    }

    /// Whoever can write to the agent's folder, and to nothing else, reaches no other file through the agent.
    @Test
    void aLinkInTheFolderIsNotWrittenThrough(@TempDir Path elsewhere) throws Exception {
        Path victim = Files.writeString(elsewhere.resolve("victim"), "mine");
        Files.createSymbolicLink(folder.resolve(sha256 + ".part"), victim);

        assertThat(keeper.obtain(ATTACKED)).isNotNull();
        assertThat(victim).hasContent("mine");
        assertThat(folder.resolve(sha256)).isRegularFile().hasBinaryContent(artifact);
        assertThat(Files.isSymbolicLink(folder.resolve(sha256))).isFalse();
    }

    /// Downloads that broke off, of builds that nobody wants any more, do not take the room for ever.
    @Test
    void whatCameOfBuildsThatAreNotWantedAnyMoreMakesRoomFirst() throws Exception {
        Path left = Files.write(folder.resolve("f".repeat(64) + ".part"), new byte[50_000]);
        long quota = used() + artifact.length + 1_000 - 50_000;
        keeper.close();
        keeper = reopen(new BuildKeeper.Place(folder, "default", Workshop.WORKLOAD, quota));
        keeper.obtain(ATTACKED, new BuildKeeper.Wish(Set.of(SERVING, ATTACKED), () -> true));

        assertThat(left).doesNotExist();
        assertThat(keeper.ready()).containsOnlyKeys(SERVING, ATTACKED);
    }
}
