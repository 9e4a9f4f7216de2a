// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.edgewise.agent.Fixture;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.KeySet;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyRotationTest {
    private static final Moment NOW = new Moment(Fixture.NOW, 0);
    private static final KeyPair NEXT = Fixture.keys();

    private final OrdersState state =
            new OrdersState(new Keyring(Map.of("k1", Fixture.KEYS.getPublic())), "default", "intents", Map.of());

    private static KeySet.Builder set(long version) {
        return KeySet.newBuilder()
                .setTenant("default")
                .setVersion(version)
                .addKeys(KeySet.Key.newBuilder()
                        .setId("k2")
                        .setPublicKey(ByteString.copyFrom(NEXT.getPublic().getEncoded())));
    }

    private static Signed first(KeySet.Builder set) {
        return Signing.sign(Signing.KEYS, set.build().toByteArray(), "k1", Fixture.KEYS.getPrivate());
    }

    private static Signed second(String domain, byte[] payload) {
        return Signing.sign(domain, payload, "k2", NEXT.getPrivate());
    }

    private static byte[] shadow(long revision) {
        return Fixture.directive(Mode.MODE_SHADOW, revision).build().toByteArray();
    }

    private Standing accept(Standing now, Signed signed) {
        return ((Judgement.Accepted) state.judge(now, signed, NOW)).next();
    }

    private void assertRefused(Standing now, Signed signed, String reason) {
        assertThat(state.judge(now, signed, NOW)).isEqualTo(new Judgement.Refused(reason));
    }

    @Test
    void obeysTheNewKeyAndNoLongerTheOldOneOnceTheOldOneSaidSo() {
        assertRefused(Standing.NONE, second(Signing.DIRECTIVE, shadow(4)), "unknown-key");
        Standing rotated = accept(Standing.NONE, first(set(1)));

        assertThat(accept(rotated, second(Signing.DIRECTIVE, shadow(4))).floor())
                .isEqualTo(4);
        assertRefused(
                rotated, Signing.sign(Signing.DIRECTIVE, shadow(4), "k1", Fixture.KEYS.getPrivate()), "unknown-key");
    }

    @Test
    void rotatesOnAndOnWithoutGoingBack() {
        Standing rotated = accept(Standing.NONE, first(set(5)));

        assertThat(state.judge(rotated, second(Signing.KEYS, set(5).build().toByteArray()), NOW))
                .isEqualTo(new Judgement.Known());
        KeySet.Builder other = set(5);
        other.getKeysBuilder(0).setId("k3");
        assertRefused(rotated, second(Signing.KEYS, other.build().toByteArray()), "keys-version");
        assertRefused(rotated, first(set(6)), "unknown-key");
        assertThat(accept(rotated, second(Signing.KEYS, set(6).build().toByteArray()))
                        .keys()
                        .orElseThrow()
                        .content()
                        .getVersion())
                .isEqualTo(6);
    }

    @Test
    void takesTheSetsOnTheWayToTheOneItHoldsForKnownWhenTheyAreHandedOutAgain(@TempDir Path folder) throws IOException {
        KeySet.Builder both = set(1).addKeys(KeySet.Key.newBuilder()
                .setId("k1")
                .setPublicKey(ByteString.copyFrom(Fixture.KEYS.getPublic().getEncoded())));
        List<Signed> handedOut = List.of(
                first(both), first(set(2)), second(Signing.KEYS, set(3).build().toByteArray()));
        Standing standing = Standing.NONE;
        for (Signed signed : handedOut) {
            standing = accept(standing, signed);
        }
        StandingFile file = new StandingFile(folder, "boot");
        file.save(standing, NOW);
        Standing restarted = file.load(NOW).standing();

        assertThat(handedOut)
                .allSatisfy(signed ->
                        assertThat(state.judge(restarted, signed, NOW)).isEqualTo(new Judgement.Known()));
        assertThat(state.judge(accept(accept(Standing.NONE, first(both)), first(set(2))), first(set(2)), NOW))
                .as("the one it holds, though its key was retired by it")
                .isEqualTo(new Judgement.Known());
        assertRefused(restarted, first(set(4)), "unknown-key");
        assertRefused(restarted, first(set(2).setTenant("other")), "unknown-key");
        Signed broken = second(Signing.KEYS, set(2).build().toByteArray()).toBuilder()
                .setSignature(ByteString.copyFrom(new byte[64]))
                .build();
        assertRefused(restarted, broken, "signature");
        assertRefused(Standing.NONE, second(Signing.KEYS, set(1).build().toByteArray()), "unknown-key");
    }

    @Test
    void refusesKeySetsThatWouldLockItOut() {
        assertRefused(Standing.NONE, first(set(1).clearKeys()), "malformed");
        assertRefused(
                Standing.NONE,
                first(set(1).addKeys(KeySet.Key.newBuilder().setId("k3").setPublicKey(ByteString.copyFromUtf8("x")))),
                "malformed");
        assertRefused(Standing.NONE, first(set(1).addKeys(set(1).getKeys(0))), "malformed");
        assertRefused(Standing.NONE, first(set(1).setTenant("other")), "tenant");
        assertRefused(Standing.NONE, second(Signing.KEYS, set(1).build().toByteArray()), "unknown-key");
    }

    @Test
    void keepsWhatItObeysAndItsFloorThroughARotationAndARestart(@TempDir Path folder) throws IOException {
        Standing standing =
                accept(Standing.NONE, Signing.sign(Signing.DIRECTIVE, shadow(4), "k1", Fixture.KEYS.getPrivate()));
        standing = accept(standing, first(set(1)));
        StandingFile file = new StandingFile(folder, "boot");
        file.save(standing, NOW);

        Standing loaded = file.load(NOW).standing();

        assertThat(loaded).isEqualTo(standing);
        assertRefused(loaded, second(Signing.DIRECTIVE, shadow(3)), "revision-below-floor");
        assertThat(accept(loaded, second(Signing.DIRECTIVE, shadow(5))).floor()).isEqualTo(5);
    }

    @Test
    void theKeysThatCountAreKnownBeforeTheAgentIsOpenAndADamagedFileIsLeftToIt(@TempDir Path folder)
            throws IOException {
        StandingFile file = new StandingFile(folder, "boot");
        assertThat(file.peek(NOW)).isEqualTo(Standing.NONE);
        file.save(accept(Standing.NONE, first(set(1))), NOW);

        assertThat(state.keyring(file.peek(NOW)).verifies(second(Signing.BUILD, new byte[] {1})))
                .isTrue();
        Files.write(folder.resolve("orders.bin"), new byte[] {1, 2, 3});
        assertThat(file.peek(NOW)).isEqualTo(Standing.NONE);
        assertThat(file.load(NOW).damaged()).isPresent();
    }

    @Test
    void refusesADirectiveThatRanOutButKeepsOneThatItObeys() {
        Directive.Builder directive = Fixture.directive(Mode.MODE_SHADOW, 4).setNotAfterMs(Fixture.NOW + 10);
        Signed signed = Fixture.sign(directive);
        Standing obeyed = accept(Standing.NONE, signed);
        Moment later = new Moment(Fixture.NOW + 10, 0);

        assertThat(state.judge(Standing.NONE, signed, later)).isEqualTo(new Judgement.Refused("expired"));
        assertThat(state.judge(obeyed, signed, later)).isEqualTo(new Judgement.Known());
    }
}
