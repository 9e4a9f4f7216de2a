// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import io.edgewise.contracts.v1.ReferenceSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReferenceFaultsTest {
    private static ReferenceSet.Builder set() {
        return ReferenceSet.newBuilder()
                .setTenant("default")
                .setWorkload("intents")
                .setName("golden")
                .setVersion(1)
                .addExamples(example("1", "wake me at six", "alarm"));
    }

    private static ReferenceSet.Example example(String item, String text, String truth) {
        return ReferenceSet.Example.newBuilder()
                .setItem(item)
                .setText(text)
                .setTruthLabel(truth)
                .build();
    }

    private static List<String> reasons(ReferenceSet.Builder set) {
        return ReferenceFaults.of(set.build()).stream().map(Fault::reason).toList();
    }

    @Test
    void aWholeSetHasNone() {
        assertThat(ReferenceFaults.of(set().build())).isEmpty();
    }

    @Test
    void eachExampleThatCannotBeUsedIsNamedByItsPlace() {
        assertThat(reasons(set().addExamples(example("1", "", "alarm"))
                        .addExamples(example("", "what", " "))
                        .addExamples(example("3", "what", "x".repeat(257)))
                        .addExamples(example("4", "what", "a\nb"))))
                .containsExactly(
                        "duplicate:examples[1].item",
                        "missing:examples[1].text",
                        "missing:examples[2].item",
                        "missing:examples[2].truth_label",
                        "too_long:examples[3].truth_label",
                        "control_char:examples[4].truth_label");
    }

    @Test
    void namesAreNamesAndASetHoldsSomething() {
        assertThat(reasons(set().setName("Golden Set").setVersion(0).clearExamples()))
                .containsExactly("malformed:name", "range:version", "range:examples");
    }

    @Test
    void aSetThatIsWrongThroughoutIsToldOnceNotAHundredThousandTimes() {
        ReferenceSet.Builder set = set();
        for (int i = 0; i < 1_000; i++) {
            set.addExamples(example("1", "text", "truth"));
        }
        assertThat(ReferenceFaults.of(set.build())).hasSizeLessThan(25);
    }
}
