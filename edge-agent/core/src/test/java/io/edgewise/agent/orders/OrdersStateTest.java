// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.edgewise.agent.Fixture;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Directive.Mode;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.contracts.v1.Signed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrdersStateTest {
    private static final Moment NOW = new Moment(Fixture.NOW, 5_000);

    private final OrdersState state =
            new OrdersState(Keyring.of(Fixture.KEYS.getPublic()), "default", "intents", Map.of("locale", "en"));

    private Standing accept(Standing now, Signed signed) {
        Judgement judgement = state.judge(now, signed, NOW);
        assertThat(judgement).isInstanceOf(Judgement.Accepted.class);
        return ((Judgement.Accepted) judgement).next();
    }

    private void assertRefused(Standing now, Signed signed, String reason) {
        assertThat(state.judge(now, signed, NOW)).isEqualTo(new Judgement.Refused(reason));
    }

    private static Directive.Builder canary(long revision) {
        return Fixture.directive(Mode.MODE_CANARY, revision).setShareBp(100).setLeased(true);
    }

    @Test
    void obeysWhatIsSignedAndNewer() {
        Standing first = accept(Standing.NONE, Fixture.sign(Fixture.directive(Mode.MODE_SHADOW, 5)));
        Standing second = accept(first, Fixture.sign(canary(9)));

        assertThat(second.floor()).isEqualTo(9);
        assertThat(second.before()).isEqualTo(first.directive());
        assertThat(state.judge(second, Fixture.sign(canary(9)), NOW)).isEqualTo(new Judgement.Known());
    }

    @Test
    void refusesForeignAlteredAndMistakenOrders() {
        Signed good = Fixture.sign(canary(1));
        Signed byOther = Signing.sign(
                Signing.DIRECTIVE,
                canary(1).build().toByteArray(),
                "k1",
                Fixture.keys().getPrivate());
        byte[] payload = good.getPayload().toByteArray();
        payload[3] ^= 1;

        assertRefused(Standing.NONE, byOther, "signature");
        assertRefused(
                Standing.NONE,
                good.toBuilder().setPayload(ByteString.copyFrom(payload)).build(),
                "signature");
        assertRefused(Standing.NONE, good.toBuilder().setDomain(Signing.LEASE).build(), "signature");
        assertRefused(Standing.NONE, good.toBuilder().setDomain("other/1").build(), "domain");
        assertRefused(
                Standing.NONE,
                Signing.sign(Signing.DIRECTIVE, new byte[] {1, 2, 3}, "k1", Fixture.KEYS.getPrivate()),
                "malformed");
        assertRefused(Standing.NONE, Fixture.sign(canary(1).setTenant("other")), "tenant");
        assertRefused(Standing.NONE, Fixture.sign(canary(1).setWorkload("other")), "workload");
        assertRefused(Standing.NONE, Fixture.sign(canary(1).putSelector("locale", "de")), "selector");
        assertRefused(Standing.NONE, Fixture.sign(canary(1).setShareBp(10_001)), "malformed");
        assertRefused(Standing.NONE, Fixture.sign(canary(1).setChallenger(ModelRef.getDefaultInstance())), "malformed");
        assertRefused(Standing.NONE, Fixture.sign(canary(1).setMode(Mode.MODE_UNSPECIFIED)), "malformed");
        assertRefused(Standing.NONE, Fixture.sign(canary(0)), "malformed");
    }

    @Test
    void takesTheOrderWhoseSelectorItMatches() {
        Standing standing = accept(Standing.NONE, Fixture.sign(canary(1).putSelector("locale", "en")));

        assertThat(standing.directive().orElseThrow().content().getStage())
                .isEqualTo(canary(1).getStage());
        assertRefused(
                standing, Fixture.sign(canary(2).putSelector("locale", "en").putSelector("region", "eu")), "selector");
    }

    @Test
    void neverGoesBackNorFarAhead() {
        Standing standing = accept(Standing.NONE, Fixture.sign(canary(10)));

        assertRefused(standing, Fixture.sign(canary(9)), "revision-below-floor");
        assertRefused(standing, Fixture.sign(canary(10).setShareBp(200)), "revision-replaced");
        assertRefused(standing, Fixture.sign(canary(1_000_011)), "revision-jump");
        accept(standing, Fixture.sign(canary(1_000_010)));
    }

    @Test
    void takesLeasesForTheDirectiveInForceOnly() {
        assertRefused(Standing.NONE, Fixture.sign(Fixture.lease(3, 1)), "lease-revision");
        Standing standing = accept(Standing.NONE, Fixture.sign(canary(3)));
        assertThat(standing.hasLiveLease(NOW)).isFalse();
        Standing leased = accept(standing, Fixture.sign(Fixture.lease(3, 2)));

        assertThat(leased.hasLiveLease(NOW)).isTrue();
        assertRefused(leased, Fixture.sign(Fixture.lease(2, 3)), "lease-revision");
        assertRefused(leased, Fixture.sign(Fixture.lease(3, 1)), "lease-issue");
        assertRefused(leased, Fixture.sign(Fixture.lease(3, 2).setNotAfterMs(Fixture.NOW + 999_000)), "lease-issue");
        assertRefused(leased, Fixture.sign(Fixture.lease(3, 3).setNotAfterMs(Fixture.NOW)), "lease-expired");
        assertRefused(
                leased, Fixture.sign(Fixture.lease(3, 3).setRollout("01K9ZZZZZZZZZZZZZZZZZZZZZ0")), "lease-rollout");
        assertThat(state.judge(leased, Fixture.sign(Fixture.lease(3, 2)), NOW)).isEqualTo(new Judgement.Known());
        assertThat(accept(leased, Fixture.sign(Fixture.lease(3, 3))).hasLiveLease(NOW))
                .isTrue();
        assertThat(accept(leased, Fixture.sign(canary(4))).hasLiveLease(NOW)).isFalse();
    }

    @Test
    void endsALeaseByWhicheverClockIsFirst() {
        Standing leased = accept(accept(Standing.NONE, Fixture.sign(canary(3))), Fixture.sign(Fixture.lease(3, 1)));

        assertThat(leased.hasLiveLease(new Moment(Fixture.NOW + 899_999, 6_000)))
                .isTrue();
        assertThat(leased.hasLiveLease(new Moment(Fixture.NOW + 900_000, 6_000)))
                .isFalse();
        assertThat(leased.hasLiveLease(new Moment(Fixture.NOW - 9_000_000, 5_000 + 900_000_000_000L)))
                .isFalse();
    }

    @Test
    void remembersItsStandingOnDisk(@TempDir Path folder) throws IOException {
        StandingFile file = new StandingFile(folder, "boot");
        assertThat(file.load(NOW).standing()).isEqualTo(Standing.NONE);
        Standing first = accept(Standing.NONE, Fixture.sign(Fixture.directive(Mode.MODE_SHADOW, 2)));
        Standing leased = accept(accept(first, Fixture.sign(canary(3))), Fixture.sign(Fixture.lease(3, 1)));

        file.save(first, NOW);
        assertThat(file.load(NOW).standing()).isEqualTo(first);
        file.save(leased, NOW);
        assertThat(file.load(NOW).standing()).isEqualTo(leased);
    }

    @Test
    void setsADamagedMemoryAside(@TempDir Path folder) throws IOException {
        StandingFile file = new StandingFile(folder, "boot");
        file.save(accept(Standing.NONE, Fixture.sign(canary(3))), NOW);
        byte[] bytes = Files.readAllBytes(folder.resolve("orders.bin"));
        for (int at = 0; at < bytes.length; at += 7) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x40;
            Files.write(folder.resolve("orders.bin"), damaged);

            StandingFile.Loaded loaded = file.load(NOW);
            assertThat(loaded.standing()).as("byte %s", at).isEqualTo(Standing.NONE);
            assertThat(loaded.damaged()).isPresent();
        }
        Files.write(folder.resolve("orders.bin"), new byte[0]);
        assertThat(file.load(NOW).damaged()).isPresent();
    }
}
