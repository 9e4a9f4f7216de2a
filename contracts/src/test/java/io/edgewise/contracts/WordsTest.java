// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.contracts.v1.Cohort;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void ulidsSortByTime() {
        SplittableRandom random = new SplittableRandom(1);
        String earlier = Ulid.of(Instant.ofEpochMilli(1_700_000_000_000L), random);
        String later = Ulid.of(Instant.ofEpochMilli(1_700_000_000_001L), random);
        assertThat(earlier).isLessThan(later);
        assertThat(Ulid.isValid(earlier)).isTrue();
        assertThat(new RolloutId(earlier)).isLessThan(new RolloutId(later));
    }

    @Test
    void aRolloutIdMustBeAUlid() {
        assertThatThrownBy(() -> new RolloutId("latest")).hasMessageContaining("ULID");
    }

    @Test
    void namesThatCouldLeaveAFolderAreRefused() {
        for (String name : List.of("", "../x", "/x", "A", "a b", "a\u0000", ".x", "x".repeat(129))) {
            assertThat(Names.isValid(name)).as(name).isFalse();
        }
        assertThat(Names.isValid("edge-intent-int4")).isTrue();
    }

    @Test
    void refusalLabelsMustBeLabels() {
        assertThatThrownBy(() -> new Workload(
                        "w",
                        1,
                        Workload.Kind.CLASSIFICATION,
                        List.of("a"),
                        Set.of("oos"),
                        "same-label/1",
                        "USD",
                        "c",
                        Map.of()))
                .hasMessageContaining("oos");
    }

    @Test
    void strataSortByStageThenCohort() {
        Stratum shadow = new Stratum(0, Cohort.COHORT_CONTROL, 10_000, false, Stratum.ALL);
        Stratum canary = new Stratum(1, Cohort.COHORT_CANARY, 10_000, false, Stratum.ALL);
        assertThat(shadow).isLessThan(canary);
        assertThat(shadow.isShadow()).isTrue();
    }
}
