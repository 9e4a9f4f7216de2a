// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

class TopicsTest {
    @Test
    void partitionsAsKafkasOwnProducersDo() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            byte[] key = new byte[random.nextInt(40)];
            random.nextBytes(key);
            assertThat(Topics.partition(key, 64)).isEqualTo(Utils.toPositive(Utils.murmur2(key)) % 64);
        }
    }

    @Test
    void partitionsOfKnownDevicesAreFrozen() {
        assertThat(Topics.partition(Topics.key("default", "device-0001"), Topics.PARTITIONS))
                .isEqualTo(63);
        assertThat(Topics.partition(Topics.key("default", "device-0002"), Topics.PARTITIONS))
                .isEqualTo(33);
    }
}
