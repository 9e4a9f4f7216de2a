// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest;

import static io.edgewise.ingest.Records.DEVICE;
import static io.edgewise.ingest.Records.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.testkit.SeededCases;
import org.junit.jupiter.api.Test;

class RatesTest {
    private final Rates rates = new Rates(100, 500);

    @Test
    void aBacklogGoesAtOnceAndThenTheRateHolds() {
        rates.charge(DEVICE, 500, NOW);
        assertThat(rates.waitMillis(DEVICE, NOW)).isZero();

        rates.charge(DEVICE, 100, NOW);
        assertThat(rates.waitMillis(DEVICE, NOW)).isEqualTo(1_001);
        assertThat(rates.waitMillis(DEVICE, NOW + 1_001)).isZero();
    }

    @Test
    void whatOthersSendDoesNotMatter() {
        rates.charge(new Principal("default", "loud"), 100_000, NOW);

        assertThat(rates.waitMillis(DEVICE, NOW)).isZero();
    }

    @Test
    void whoeverKeepsToTheRateNeverWaits() {
        for (long ms = 0; ms < 60_000; ms += 10) {
            assertThat(rates.waitMillis(DEVICE, NOW + ms)).isZero();
            rates.charge(DEVICE, 1, NOW + ms);
        }
    }

    @Test
    void aClockThatGoesBackDoesNotLockADeviceOut() {
        rates.charge(DEVICE, 10, NOW);

        rates.charge(DEVICE, 1, NOW - 86_400_000);
        assertThat(rates.waitMillis(DEVICE, NOW - 86_400_000)).isLessThan(100);
    }

    @Test
    void nobodyGetsMoreThanTheBurstTheRateAndOneOverdraft() {
        SeededCases.forAll(200, random -> {
            Rates tried = new Rates(100, 500);
            long sent = 0;
            long ms = 0;
            int largest = 1 + random.nextInt(300);
            while (ms < 20_000) {
                if (tried.waitMillis(DEVICE, NOW + ms) == 0) {
                    int records = 1 + random.nextInt(largest);
                    tried.charge(DEVICE, records, NOW + ms);
                    sent += records;
                }
                ms += random.nextInt(50);
            }
            assertThat(sent).isLessThanOrEqualTo(500 + ms / 10 + largest + 1);
        });
    }

    @Test
    void devicesThatHavePaidAreForgotten() {
        for (int i = 0; i < 10_000; i++) {
            rates.charge(new Principal("default", "device-" + i), 1, NOW + i * 20L);
        }

        assertThat(rates.known()).isLessThan(1_100);
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatThrownBy(() -> new Rates(0, 1)).hasMessageContaining("must be at least 1");
    }
}
