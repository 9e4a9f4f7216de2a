// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.evaluator.wire.Word;
import io.edgewise.evaluator.wire.Words;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeasureTableTest {
    private final MeasureTable table = new MeasureTable();
    private final Words words = new Words();

    @Test
    void aNameHasOneNumber() {
        int pairs = table.number(Measures.PAIRS);

        assertThat(table.number(Measures.REQUESTS)).isNotEqualTo(pairs);
        assertThat(table.number(Measures.PAIRS)).isEqualTo(pairs);
        assertThat(table.name(pairs)).isEqualTo(Measures.PAIRS);
        assertThat(table.names().windowOnly().get(pairs)).isFalse();
        int words = table.feature(this.words.of("t"), this.words.of("words"));
        assertThat(table.names().windowOnly().get(words)).isTrue();
    }

    @Test
    void featuresBeyondATenantsCapAreCountedTogetherAndTakeNoRoomFromOthers() {
        Word greedy = words.of("greedy");
        int first = table.feature(greedy, words.of("f0"));
        for (int i = 1; i < MeasureTable.MOST_OF_A_TENANT; i++) {
            assertThat(table.name(table.feature(greedy, words.of("f" + i)))).isEqualTo(Measures.FEATURE + "f" + i);
        }
        int size = table.names().ranks().length;

        assertThat(table.name(table.feature(greedy, words.of("one-more")))).isEqualTo(MeasureTable.OTHER_FEATURE);
        assertThat(table.name(table.feature(greedy, words.of("another")))).isEqualTo(MeasureTable.OTHER_FEATURE);
        assertThat(table.feature(greedy, words.of("f0"))).isEqualTo(first);
        assertThat(table.names().ranks()).hasSize(size + 1);
        assertThat(table.name(table.feature(words.of("modest"), words.of("one-more"))))
                .isEqualTo(Measures.FEATURE + "one-more");
    }

    @Test
    void featuresBeyondTheCapOfAllTenantsAreCountedTogether() {
        for (int i = 0; i < MeasureTable.MOST_FEATURES; i++) {
            table.feature(words.of("tenant-" + i / MeasureTable.MOST_OF_A_TENANT), words.of("f" + i));
        }

        assertThat(table.name(table.feature(words.of("late"), words.of("one-more"))))
                .isEqualTo(MeasureTable.OTHER_FEATURE);
        assertThat(table.name(table.feature(words.of("late"), words.of("f19999"))))
                .isEqualTo(Measures.FEATURE + "f19999");
    }

    @Test
    void ranksAreTheOrderOfTheNamesHoweverTheyCame() {
        table.number("b");
        table.shownOnly("c");
        table.number("a");
        int[] ranks = table.names().ranks();
        List<String> names =
                IntStream.range(0, ranks.length).mapToObj(table::name).sorted().toList();
        for (int number = 0; number < ranks.length; number++) {
            assertThat(names.get(ranks[number])).isEqualTo(table.name(number));
        }
    }
}
