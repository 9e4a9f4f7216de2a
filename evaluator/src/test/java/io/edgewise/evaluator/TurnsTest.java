// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TurnsTest {
    @Test
    void theNextRoundBeginsBehindTheLastOneThatHadItsTurn() {
        Turns turns = new Turns();
        List<String> all = List.of("a", "b", "c");

        assertThat(turns.order(all)).containsExactly("a", "b", "c");
        turns.took(2, 3);
        assertThat(turns.order(all)).containsExactly("c", "a", "b");
        turns.took(2, 3);
        assertThat(turns.order(all)).containsExactly("b", "c", "a");
        turns.took(0, 0);
        assertThat(turns.order(List.of())).isEmpty();
    }
}
