// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.v1.Signed;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import org.junit.jupiter.api.Test;

class SigningTest {
    private static final byte[] PAYLOAD = "do this".getBytes(StandardCharsets.UTF_8);

    @Test
    void acceptsWhatWasSigned() throws Exception {
        KeyPair keys = keys();
        Signed signed = Signing.sign(Signing.DIRECTIVE, PAYLOAD, "k1", keys.getPrivate());
        assertThat(Signing.verify(signed, keys.getPublic())).isTrue();
    }

    @Test
    void refusesEveryFlippedByte() throws Exception {
        KeyPair keys = keys();
        Signed signed = Signing.sign(Signing.DIRECTIVE, PAYLOAD, "k1", keys.getPrivate());
        for (int i = 0; i < PAYLOAD.length; i++) {
            byte[] changed = PAYLOAD.clone();
            changed[i] ^= 1;
            Signed forged =
                    signed.toBuilder().setPayload(ByteString.copyFrom(changed)).build();
            assertThat(Signing.verify(forged, keys.getPublic())).isFalse();
        }
    }

    @Test
    void refusesALeaseThatIsPassedOffAsADirective() throws Exception {
        KeyPair keys = keys();
        Signed lease = Signing.sign(Signing.LEASE, PAYLOAD, "k1", keys.getPrivate());
        assertThat(Signing.verify(lease.toBuilder().setDomain(Signing.DIRECTIVE).build(), keys.getPublic()))
                .isFalse();
    }

    @Test
    void refusesAnotherKeyAndAnEmptySignature() throws Exception {
        Signed signed = Signing.sign(Signing.DIRECTIVE, PAYLOAD, "k1", keys().getPrivate());
        KeyPair others = keys();
        assertThat(Signing.verify(signed, others.getPublic())).isFalse();
        assertThat(Signing.verify(signed.toBuilder().clearSignature().build(), others.getPublic()))
                .isFalse();
    }

    private static KeyPair keys() throws Exception {
        return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }
}
