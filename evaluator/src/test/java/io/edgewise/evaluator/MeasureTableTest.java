// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.tally.Measures;
import io.edgewise.evaluator.wire.Words;
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
        assertThat(table.isWindowOnly(pairs)).isFalse();
        assertThat(table.isWindowOnly(table.feature(words.of("words")))).isTrue();
    }

    @Test
    void featuresBeyondTheCapAreCountedTogether() {
        int first = table.feature(words.of("f0"));
        for (int i = 1; i < MeasureTable.MOST_FEATURES; i++) {
            assertThat(table.name(table.feature(words.of("f" + i)))).isEqualTo(Measures.FEATURE + "f" + i);
        }
        int size = table.size();

        assertThat(table.name(table.feature(words.of("one-more")))).isEqualTo(MeasureTable.OTHER_FEATURE);
        assertThat(table.name(table.feature(words.of("another")))).isEqualTo(MeasureTable.OTHER_FEATURE);
        assertThat(table.feature(words.of("f0"))).isEqualTo(first);
        assertThat(table.size()).isEqualTo(size + 1);
    }
}
