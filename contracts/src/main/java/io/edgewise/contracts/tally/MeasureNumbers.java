// SPDX-License-Identifier: Apache-2.0
package io.edgewise.contracts.tally;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Numbers for the measures that every tally has, so that its bytes need not spell them out. Part of the stored format:
/// new names go to the end of the list, none is ever taken out.
final class MeasureNumbers {
    private static final List<String> NAMES = Stream.of(
                    Stream.of(
                            Measures.REQUESTS,
                            Measures.SERVED,
                            Measures.DETOURS,
                            Measures.ATTEMPTS,
                            Measures.ASSIGNED,
                            Measures.REFUSALS,
                            Measures.USER_LATENCY,
                            Measures.USER_FIRST_TOKEN,
                            Measures.ARRIVAL,
                            Measures.USER_COST,
                            Measures.ARM_COST,
                            Measures.TOKENS,
                            Measures.PAIRS,
                            Measures.AGREEMENT_SCORE,
                            Measures.PAIR_REFUSALS,
                            Measures.WINS,
                            Measures.TRUTH,
                            Measures.THUMBS,
                            Measures.SCORES,
                            Measures.CALIBRATION,
                            Measures.AGREEMENT_CALIBRATION,
                            Measures.CALIBRATION_GAP,
                            Measures.CONFIDENCE,
                            Measures.ENTROPY,
                            Measures.BLOCKS_DISAGREE_SAFE,
                            Measures.BLOCKS_DISAGREE,
                            Measures.BLOCKS_REFUSAL,
                            Measures.BLOCKS_ERROR,
                            Measures.BLOCKS_CALIBRATION,
                            Measures.BLOCKS_WINS,
                            Measures.BLOCKS_OPENED,
                            Measures.CALIBRATION_FIRST,
                            Measures.DEVICES),
                    ofRoles(Measures.ARM_LATENCY),
                    ofRoles(Measures.ARM_FIRST_TOKEN),
                    ofRoles(Measures.OUTPUT_LENGTH),
                    ofRoles(Measures.PAIR_LABELS))
            .flatMap(names -> names)
            .toList();

    private static final Map<String, Integer> NUMBERS = new HashMap<>();

    static {
        for (int i = 0; i < NAMES.size(); i++) {
            NUMBERS.put(NAMES.get(i), i + 1);
        }
    }

    private MeasureNumbers() {}

    private static Stream<String> ofRoles(String prefix) {
        return IntStream.rangeClosed(1, 3).mapToObj(role -> prefix + role);
    }

    /// 0 for a name that is spelled out.
    static int of(String name) {
        return NUMBERS.getOrDefault(name, 0);
    }

    /// Null for a number that this program does not know.
    static @Nullable String name(long number) {
        return number >= 1 && number <= NAMES.size() ? NAMES.get((int) number - 1) : null;
    }
}
