// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.drift;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.benchmarks.drift.NabLabels.Seen;
import io.edgewise.benchmarks.drift.NabLabels.Span;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NabLabelsTest {
    private final NabLabels labels = new NabLabels(100, List.of(new Span(120, 139), new Span(160, 169)));

    @Test
    void delayIsCountedFromTheLabelToTheEndOfTheWindowThatRaisedTheAlarm() {
        assertThat(labels.delays(windows(false, false, false, true, false, false, true)))
                .containsExactly(20, 10);
    }

    @Test
    void anAlarmThatStoodBeforeALabelIsNoDetection() {
        assertThat(labels.delays(windows(false, true, true, false, false, true, true)))
                .containsExactly("in alarm before", "in alarm before");
    }

    @Test
    void anAlarmAfterTheLabelHasMissedIt() {
        assertThat(labels.delays(windows(false, false, false, false, true, false, false)))
                .containsExactly("missed", "missed");
    }

    /// Windows of ten rows from row 100 on.
    private static List<Seen> windows(boolean... alarms) {
        return IntStream.range(0, alarms.length)
                .mapToObj(i -> new Seen(100 + 10 * i, 110 + 10 * i, alarms[i]))
                .toList();
    }
}
