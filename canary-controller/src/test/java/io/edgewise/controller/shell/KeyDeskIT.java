// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Artifact;
import io.edgewise.contracts.v1.BuildManifest;
import io.edgewise.contracts.v1.GoldenCase;
import io.edgewise.contracts.v1.KeySet;
import io.edgewise.contracts.v1.Signed;
import io.edgewise.controller.KeyCabinet;
import io.edgewise.controller.SigningKeys;
import io.edgewise.controller.shell.KeyDesk.KeyView;
import io.edgewise.controller.shell.KeyDesk.KeysView;
import io.edgewise.runtime.access.Caller;
import io.edgewise.runtime.jdbc.Database;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Which key signs, and what is signed again. Each test is a tenant of its own.
@ExtendWith(PlatformExtension.class)
class KeyDeskIT {
    private static final String WHY = "{\"why\": \"once a year\"}";
    private static final InstantSource CLOCK = InstantSource.system();

    private final String tenant = "keys-" + UUID.randomUUID();
    private final ControllerConfig config = StandIn.config(tenant);
    private final Cabinet cabinet = new Cabinet();
    private final Database database;
    private final KeyDesk desk;
    private final Signer signer = new Signer(cabinet);

    KeyDeskIT(Platform platform) throws SQLException {
        this.database = new StandIn(platform).database();
        this.desk = new KeyDesk(database, cabinet, CLOCK, config);
    }

    /// Pairs in memory; some can be taken out.
    private static final class Cabinet implements KeyCabinet {
        private final Map<String, SigningKeys> pairs = new LinkedHashMap<>();
        private boolean full;

        Cabinet() {
            pairs.put("k0", pair("k0"));
        }

        @Override
        public SigningKeys first() {
            return find("k0").orElseThrow();
        }

        @Override
        public Optional<SigningKeys> find(String keyId) {
            return Optional.ofNullable(pairs.get(keyId));
        }

        @Override
        public SigningKeys make() throws IOException {
            if (full) {
                throw new IOException("read-only file system");
            }
            SigningKeys made = pair("k" + pairs.size());
            pairs.put(made.keyId(), made);
            return made;
        }

        SigningKeys without(String keyId) {
            SigningKeys pair = find(keyId).orElseThrow();
            pairs.remove(keyId);
            return pair;
        }

        private static SigningKeys pair(String id) {
            try {
                KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
                return new SigningKeys(id, pair.getPrivate(), pair.getPublic());
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// As the outbox does once Kafka has acknowledged.
    private void sent() throws SQLException {
        database.transact(sql -> sql.update(
                "UPDATE controller.outbox SET sent_at = now() WHERE sent_at IS NULL AND starts_with(key, ?)",
                tenant + "/"));
    }

    private SigningKeys signs() throws SQLException {
        return database.transact(sql -> signer.key(sql, tenant));
    }

    private Signed newest(String key) throws SQLException {
        return database.read(sql -> sql.list(
                        "SELECT value FROM controller.outbox WHERE key = ? ORDER BY id DESC",
                        row -> parsed(row.getBytes(1)),
                        tenant + "/" + key))
                .getFirst();
    }

    private static Signed parsed(byte[] value) {
        try {
            return Signed.parseFrom(value);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> states(KeysView view) {
        return view.keys().stream().map(key -> key.id() + " " + key.state()).toList();
    }

    @Test
    void aNewKeySignsOnlyWhenTheSetThatNamesItIsInKafka() throws Exception {
        assertThat(signs().keyId()).isEqualTo("k0");
        assertThat(states(desk.rotate(WHY, Caller.OPERATOR))).containsExactly("k1 announced", "k0 signs");
        assertThat(signs().keyId()).isEqualTo("k0");
        assertThatThrownBy(() -> desk.retire("k0", "too early", false, Caller.OPERATOR))
                .hasMessageContaining("wait a few seconds");

        sent();

        assertThat(signs().keyId()).isEqualTo("k1");
        assertThat(signs().sign(Signing.LEASE, new byte[0]).getKeysVersion()).isEqualTo(1);
        assertThat(states(desk.list())).containsExactly("k1 signs", "k0 counts");
        Signed set = newest("~keys/1");
        assertThat(Signing.verify(set, cabinet.first().publicKey())).isTrue();
        assertThat(KeySet.parseFrom(set.getPayload()).getKeysList())
                .extracting(KeySet.Key::getId)
                .containsExactly("k0", "k1");
    }

    @Test
    void whatStandsIsSignedAgainByTheKeyThatStaysAndIsTheSameToTheByte() throws Exception {
        RolloutDesk rollouts = new RolloutDesk(database, cabinet, CLOCK, config, new Looking());
        String rollout = StandIn.start(rollouts, "standing", StandIn.PLAN);
        Signed before = newest("standing/" + rollout);
        desk.rotate(WHY, Caller.OPERATOR);
        sent();

        KeysView view = desk.retire("k0", "once a year", false, Caller.OPERATOR);

        assertThat(states(view)).containsExactly("k1 signs", "k0 retired");
        Signed after = newest("standing/" + rollout);
        assertThat(after.getPayload()).isEqualTo(before.getPayload());
        assertThat(after.getKeyId()).isEqualTo("k1");
        assertThat(after.getKeysVersion()).isEqualTo(1);
        assertThat(Signing.verify(after, cabinet.find("k1").orElseThrow().publicKey()))
                .isTrue();
        assertThat(newest("~keys/1").getKeyId())
                .as("who was away can check it with the key it has")
                .isEqualTo("k0");
        assertThat(newest("~keys/2").getKeyId()).isEqualTo("k1");
        assertThatThrownBy(() -> desk.retire("k1", "the last", false, Caller.OPERATOR))
                .hasMessageContaining("announce one first");
        assertThatThrownBy(() -> desk.retire("k0", "again", false, Caller.OPERATOR))
                .hasMessageContaining("lists those that count");
        assertThatThrownBy(() -> desk.rotate("{\"why\": \"x\", \"key\": \"k0\"}", Caller.OPERATOR))
                .hasMessageContaining("not announced again");
    }

    @Test
    void aServerThatHasNotTheNewestKeySignsWithAnOlderOneThatStillCounts() throws Exception {
        desk.rotate(WHY, Caller.OPERATOR);
        sent();
        SigningKeys elsewhere = cabinet.without("k1");

        assertThat(signs().keyId()).isEqualTo("k0");
        assertThat(desk.list().keys()).extracting(KeyView::here).containsExactly(false, true);
        SigningKeys lost = cabinet.without("k0");
        assertThatThrownBy(this::signs).hasMessageContaining("copy their signing-*.key");
        cabinet.pairs.put("k0", lost);
        cabinet.pairs.put("k1", elsewhere);
        assertThat(signs().keyId()).isEqualTo("k1");
    }

    @Test
    void aKeyThatWasMadeElsewhereIsNamedAndOneThatCannotBeMadeIsSaid() throws Exception {
        cabinet.full = true;
        assertThatThrownBy(() -> desk.rotate(WHY, Caller.OPERATOR)).hasMessageContaining("read-only file system");
        assertThatThrownBy(() -> desk.rotate("{\"why\": \"x\", \"key\": \"safe\"}", Caller.OPERATOR))
                .hasMessageContaining("signing-safe.key and signing-safe.pub are not in this server's");
        assertThat(desk.list().version()).as("nothing was half done").isZero();

        cabinet.pairs.put("safe", Cabinet.pair("safe"));
        assertThat(states(desk.rotate("{\"why\": \"x\", \"key\": \"safe\"}", Caller.OPERATOR)))
                .containsExactly("safe announced", "k0 signs");
    }

    @Test
    void devicesTakeEightKeysAndNoMore() {
        for (int i = 1; i < 8; i++) {
            desk.rotate(WHY, Caller.OPERATOR);
        }
        assertThatThrownBy(() -> desk.rotate(WHY, Caller.OPERATOR)).hasMessageContaining("8 do");
    }

    @Test
    void aKeyThatManifestsAreSignedByIsNotRetiredByMistake() throws Exception {
        RolloutDesk rollouts = new RolloutDesk(database, cabinet, CLOCK, config, new Looking());
        StandIn.start(rollouts, "listed", StandIn.PLAN);
        ManifestDesk manifests = new ManifestDesk(database, cabinet, CLOCK, config);
        manifests.sign(manifest(), Caller.OPERATOR);
        desk.rotate(WHY, Caller.OPERATOR);
        sent();

        assertThatThrownBy(() -> desk.retire("k0", "once a year", false, Caller.OPERATOR))
                .hasMessageContaining("refuse listed-int4; publish them again");
        manifests.sign(manifest(), Caller.OPERATOR);
        assertThat(states(desk.retire("k0", "once a year", false, Caller.OPERATOR)))
                .containsExactly("k1 signs", "k0 retired");
        desk.rotate(WHY, Caller.OPERATOR);
        sent();
        assertThatThrownBy(() -> desk.retire("k1", "stolen", false, Caller.OPERATOR))
                .hasMessageContaining("say anyway=true");
        assertThat(states(desk.retire("k1", "stolen", true, Caller.OPERATOR)))
                .containsExactly("k2 signs", "k1 retired", "k0 retired");
    }

    private static String manifest() {
        byte[] manifest = BuildManifest.newBuilder()
                .setBuild("listed-int4")
                .setWorkload("listed")
                .setRelease(1)
                .addLabels("yes")
                .addArtifacts(Artifact.newBuilder().setSha256("a".repeat(64)))
                .addGolden(GoldenCase.getDefaultInstance())
                .build()
                .toByteArray();
        return "{\"manifest\": \"" + Base64.getEncoder().encodeToString(manifest) + "\"}";
    }

    @Test
    void nobodySignsWhileTheKeysChange() throws Exception {
        desk.rotate(WHY, Caller.OPERATOR);
        sent();
        try (ExecutorService people = Executors.newSingleThreadExecutor()) {
            Future<String> waiting = database.transact(sql -> {
                Signer.holdUp(sql);
                Future<String> other = people.submit(() -> signs().keyId());
                sql.list("SELECT pg_sleep(0.1)", row -> true);
                assertThat(other.isDone()).isFalse();
                KeyRows.retire(sql, tenant, "k1", 2);
                return other;
            });
            assertThat(waiting.get()).as("as it was after the change").isEqualTo("k0");
        }
    }
}
