// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LabelCountsTest {
    @Test
    void countsLabelsInOrder() {
        LabelCounts counts = counts("b", "a", "b");
        counts.add("c", 0);

        assertThat(counts.counts()).containsExactly(Map.entry("a", 1L), Map.entry("b", 2L));
        assertThat(counts.total()).isEqualTo(3);
        assertThat(counts.count("b")).isEqualTo(2);
        assertThat(counts.count("z")).isZero();
        assertThat(counts.counts(List.of("b", "z", "a"))).containsExactly(2, 0, 1);
    }

    @Test
    void twoOnesStandBesideEachOtherOverTheLabelsOfBoth() {
        assertThat(counts("a", "b", "b").beside(counts("c", "a"))).isDeepEqualTo(new long[][] {{1, 2, 0}, {1, 0, 1}});
        assertThat(new LabelCounts().beside(new LabelCounts())).isDeepEqualTo(new long[2][0]);
    }

    @Test
    void mistakesAreNamed() {
        LabelCounts counts = counts("a", "b");
        assertThatThrownBy(() -> counts.add("a", -1)).hasMessageContaining("count -1 is negative");
        assertThatThrownBy(() -> counts.add("\uDC00")).hasMessageContaining("surrogate");
        assertThatThrownBy(() -> counts.add("x".repeat(2000))).hasMessageContaining("a label of 2000 bytes");
        assertThatThrownBy(() -> counts.counts(List.of("a"))).hasMessageContaining("hold 1 of 2 observations");
        assertThatThrownBy(() -> counts.counts(List.of("a", "a"))).hasMessageContaining("name each counted label once");
        assertThat(counts.total()).isEqualTo(2);
    }

    private static LabelCounts counts(String... labels) {
        LabelCounts counts = new LabelCounts();
        for (String label : labels) {
            counts.add(label);
        }
        return counts;
    }
}
