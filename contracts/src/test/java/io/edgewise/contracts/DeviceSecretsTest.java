// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class DeviceSecretsTest {
    private final DeviceSecrets secrets = new DeviceSecrets(new byte[32]);

    @Test
    void aTokenSpeaksForItsDevice() {
        assertThat(secrets.authenticate(secrets.token("default", "device-1")))
                .contains(new DeviceSecrets.Principal("default", "device-1"));
    }

    @Test
    void aTokenDoesNotSpeakForAnotherDeviceOrTenant() {
        String mac = secrets.token("default", "device-1").split("~", -1)[2];
        assertThat(secrets.authenticate("default~device-2~" + mac)).isEmpty();
        assertThat(secrets.authenticate("other~device-1~" + mac)).isEmpty();
    }

    @Test
    void nonsenseIsNobody() {
        assertThat(secrets.authenticate("")).isEmpty();
        assertThat(secrets.authenticate("a~b")).isEmpty();
        assertThat(secrets.authenticate("~~")).isEmpty();
        assertThat(secrets.authenticate("../x~y~z")).isEmpty();
    }

    @Test
    void keysOfDevicesAndPurposesDiffer() {
        assertThat(secrets.feedbackKey("default", "device-1")).isNotEqualTo(secrets.feedbackKey("default", "device-2"));
        assertThat(new DeviceSecrets(filled()).token("default", "device-1"))
                .isNotEqualTo(secrets.token("default", "device-1"));
    }

    @Test
    void aShortSecretIsRefused() {
        assertThatThrownBy(() -> new DeviceSecrets(new byte[31])).hasMessageContaining("at least 32");
    }

    private static byte[] filled() {
        byte[] other = new byte[32];
        java.util.Arrays.fill(other, (byte) 1);
        return other;
    }
}
