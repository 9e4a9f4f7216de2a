// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import static io.edgewise.ingest.Records.DEVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.v1.Revocation;
import io.edgewise.contracts.v1.Signed;
import org.junit.jupiter.api.Test;

class RevocationsTest {
    private final Revocations revocations = new Revocations();

    private static Signed of(String tenant, String device) {
        return Signed.newBuilder()
                .setDomain(Signing.REVOCATION)
                .setPayload(Revocation.newBuilder()
                        .setTenant(tenant)
                        .setDevice(device)
                        .build()
                        .toByteString())
                .build();
    }

    @Test
    void aDeviceIsRevokedForGoodAndOnlyThatOne() {
        revocations.put("default/~revoked/device-1", of("default", "device-1"));
        revocations.put("default/~revoked/device-1", of("default", "device-1"));

        assertThat(revocations.contains(DEVICE)).isTrue();
        assertThat(revocations.contains(new Principal("default", "device-2"))).isFalse();
        assertThat(revocations.contains(new Principal("acme", "device-1"))).isFalse();
    }

    @Test
    void whatIsNotWhatItsKeySaysIsRefused() {
        assertThatThrownBy(() -> revocations.put("default/~revoked/device-2", of("default", "device-1")))
                .hasMessageContaining("its content says \"default/~revoked/device-1\"");
        assertThatThrownBy(() -> revocations.put(
                        "default/~revoked/device-1",
                        Signed.newBuilder()
                                .setPayload(ByteString.copyFromUtf8("\u00ff"))
                                .build()))
                .hasMessageContaining("no revocation");
        assertThat(revocations.contains(DEVICE)).isFalse();
    }
}
