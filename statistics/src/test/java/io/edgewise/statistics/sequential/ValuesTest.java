// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sequential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void isAMultisetWhateverTheOrder() {
        Values one = new Values(new double[] {0.5, -1, 0.5, 0}, new long[] {1, 2, 3, 0});
        Values two = new Values(new double[] {-1, 0.5}, new long[] {2, 4});

        assertThat(one).isEqualTo(two).hasSameHashCodeAs(two).hasToString("Values[[-1.0, 0.5] x [2, 4]]");
        assertThat(new Values(new double[] {-0.0}, new long[] {1}))
                .isEqualTo(new Values(new double[] {0.0}, new long[] {1}));
        assertThat(one.n()).isEqualTo(6);
        assertThat(one.mean()).isEqualTo(0);
    }

    @Test
    void addsUp() {
        assertThat(Values.binary(3, 10).plus(Values.binary(4, 5))).isEqualTo(Values.binary(7, 15));
        assertThat(Values.empty().plus(Values.binary(1, 2))).isEqualTo(Values.binary(1, 2));
        assertThat(Values.binary(0, 0)).isEqualTo(Values.empty());
        assertThat(Values.binary(3, 12).mean()).isEqualTo(0.25);
        assertThat(Values.empty().mean()).isNaN();
    }

    @Test
    void cannotBeChangedFromOutside() {
        double[] values = {1, 2};
        Values kept = new Values(values, new long[] {1, 1});
        values[0] = 9;
        kept.values()[0] = 9;
        kept.counts()[0] = 9;

        assertThat(kept).isEqualTo(new Values(new double[] {1, 2}, new long[] {1, 1}));
    }

    @Test
    void refusesWhatWasNotMeasured() {
        assertThatThrownBy(() -> new Values(new double[] {Double.NaN}, new long[] {1}))
                .hasMessageContaining("finite");
        assertThatThrownBy(() -> new Values(new double[] {1}, new long[] {-1})).hasMessageContaining("-1 times");
        assertThatThrownBy(() -> new Values(new double[] {1}, new long[0])).hasMessageContaining("one count for each");
        assertThatThrownBy(() -> Values.binary(3, 2)).hasMessageContaining("3 events of 2");
    }
}
