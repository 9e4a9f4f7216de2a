// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.edgewise.contracts.v1.Observation;
import io.edgewise.evaluator.wire.Request;
import io.edgewise.evaluator.wire.WireReader;
import io.edgewise.evaluator.wire.Words;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LotteryTest {
    private static final long NOW_MS = 1_760_000_000_000L;

    private final WireReader reader = new WireReader(new Words());
    private final Lottery lottery = new Lottery(bytes(32, 1));

    private static byte[] bytes(int size, int first) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (first + i);
        }
        return bytes;
    }

    private static long[] words(byte[] bytes) {
        long[] words = new long[bytes.length / Long.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
        return words;
    }

    private static Observation.Builder pair(String device, long seq) {
        return Samples.pair(device, seq, NOW_MS).setId(ByteString.copyFrom(bytes(16, 7)));
    }

    private Request read(Observation observation) {
        Request request = new Request();
        assertThat(reader.read(observation.toByteArray(), NOW_MS, request)).isTrue();
        return request;
    }

    @Test
    void theHashIsSipHashOfTwoAndFour() {
        long[] key = words(bytes(16, 0));

        assertThat(Lottery.hash(key[0], key[1], new long[0])).isEqualTo(0x726fdb47dd0e0e31L);
        assertThat(Lottery.hash(key[0], key[1], words(bytes(8, 0)))).isEqualTo(0x93f5f5799a932462L);
        assertThat(Lottery.hash(key[0], key[1], words(bytes(16, 0)))).isEqualTo(0x3f2acc7f57c29bdbL);
    }

    @Test
    void aRecordHasTheSameChanceHoweverItIsRead() {
        Observation observation = pair("device", 3).build();
        Request slowly = new Request();
        reader.readSound(observation.toByteArray(), slowly);

        Request quickly = read(observation);

        assertThat(quickly.idHead()).isEqualTo(words(bytes(16, 7))[0]);
        assertThat(quickly.idTail()).isEqualTo(words(bytes(16, 7))[1]);
        assertThat(lottery.chance(quickly)).isEqualTo(lottery.chance(slowly));
        assertThat(new Lottery(bytes(32, 1)).chance(quickly)).isEqualTo(lottery.chance(quickly));
        assertThat(new Lottery(bytes(32, 2)).chance(quickly)).isNotEqualTo(lottery.chance(quickly));
    }

    @Test
    void recordsHaveChancesOfTheirOwnEvenIfASenderGivesAllTheSameId() {
        Set<Long> chances = new HashSet<>();
        for (long seq = 1; seq <= 50; seq++) {
            chances.add(lottery.chance(read(pair("one", seq).build())));
            chances.add(lottery.chance(read(pair("two", seq).build())));
            chances.add(lottery.chance(read(pair("two", seq).setSpoolEpoch(9).build())));
        }

        assertThat(chances).hasSize(150);
    }

    @Test
    void aShortKeyIsRefused() {
        assertThatThrownBy(() -> new Lottery(new byte[15])).hasMessageContaining("15 bytes");
    }
}
