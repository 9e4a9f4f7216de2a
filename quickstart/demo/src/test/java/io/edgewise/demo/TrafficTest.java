// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TrafficTest {
    private static final List<Utterance> UTTERANCES = IntStream.range(0, 200)
            .mapToObj(i -> new Utterance("text " + i, "intent " + i % 7))
            .toList();

    @Test
    void arrivesAtTheRateAskedForWithGapsThatVaryAsMuchAsTheirMean() {
        double[] gaps = calls(1, 40_000).stream().mapToDouble(Call::gapNanos).toArray();
        double mean = java.util.Arrays.stream(gaps).average().orElseThrow();
        double spread = Math.sqrt(java.util.Arrays.stream(gaps)
                .map(gap -> (gap - mean) * (gap - mean))
                .average()
                .orElseThrow());

        assertThat(1e9 / mean).isCloseTo(300, within(5.0));
        assertThat(spread / mean).isCloseTo(1, within(0.03));
    }

    @Test
    void saysEveryUtteranceOnceBeforeAnyIsRepeated() {
        List<Call> calls = calls(2, 600);

        for (int round = 0; round < 3; round++) {
            assertThat(calls.subList(round * 200, (round + 1) * 200).stream().map(Call::utterance))
                    .containsExactlyInAnyOrderElementsOf(UTTERANCES);
        }
        assertThat(texts(calls.subList(0, 200))).isNotEqualTo(texts(calls.subList(200, 400)));
    }

    @Test
    void tellsTheTruthAboutAQuarterWithinFiveSeconds() {
        List<Duration> delays = calls(3, 40_000).stream()
                .flatMap(call -> call.truthAfter().stream())
                .toList();

        assertThat(delays.size() / 40_000.0).isCloseTo(0.25, within(0.01));
        assertThat(delays).allMatch(delay -> !delay.isNegative() && delay.compareTo(Duration.ofSeconds(5)) < 0);
    }

    @Test
    void reachesAllDevicesAndKeepsAUserOnItsDevice() {
        List<Call> calls = calls(4, 40_000);

        assertThat(calls.stream().map(Call::device).distinct().count()).isEqualTo(64);
        assertThat(calls.stream().map(Call::unit).distinct().count()).isEqualTo(64 * 50);
        assertThat(calls).allMatch(call -> call.unit().startsWith("user-00%02d-".formatted(call.device())));
    }

    @Test
    void isTheSameForTheSameSeed() {
        assertThat(calls(5, 500)).isEqualTo(calls(5, 500)).isNotEqualTo(calls(6, 500));
    }

    @Test
    void refusesARateThatIsNone() {
        assertThatThrownBy(() -> new Traffic(UTTERANCES, 1, 1, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Traffic(List.of(), 1, 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<String> texts(List<Call> calls) {
        return calls.stream().map(call -> call.utterance().text()).toList();
    }

    private static List<Call> calls(long seed, int number) {
        Traffic traffic = new Traffic(UTTERANCES, 64, 50, 300, seed);
        return Stream.generate(traffic::next).limit(number).toList();
    }
}
