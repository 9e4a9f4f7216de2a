// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import static io.edgewise.ingest.Records.DEVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.DeviceSecrets.Principal;
import org.junit.jupiter.api.Test;

class SharesTest {
    private final Shares shares = new Shares(2);

    @Test
    void aDeviceHasItsShareAndNoMore() {
        assertThat(shares.tryTake(DEVICE)).isTrue();
        assertThat(shares.tryTake(DEVICE)).isTrue();
        assertThat(shares.tryTake(DEVICE)).isFalse();
    }

    @Test
    void whatIsGivenBackCanBeTakenAgain() {
        shares.tryTake(DEVICE);
        shares.tryTake(DEVICE);

        shares.giveBack(DEVICE);

        assertThat(shares.tryTake(DEVICE)).isTrue();
        assertThat(shares.tryTake(DEVICE)).isFalse();
    }

    @Test
    void oneDeviceDoesNotTakeFromAnotherNorFromItsNamesakeOfAnotherTenant() {
        shares.tryTake(DEVICE);
        shares.tryTake(DEVICE);

        assertThat(shares.tryTake(new Principal(DEVICE.tenant(), "device-2"))).isTrue();
        assertThat(shares.tryTake(new Principal("acme", DEVICE.device()))).isTrue();
    }

    @Test
    void refusesAShareOfNothing() {
        assertThatThrownBy(() -> new Shares(0)).hasMessageContaining("at least 1");
    }
}
