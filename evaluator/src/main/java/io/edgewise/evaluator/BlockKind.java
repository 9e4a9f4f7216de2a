// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Measures;

/// The guardrails that are judged by device blocks. Their places are part of the stored state and therefore frozen;
/// new ones are added at the end.
enum BlockKind {
    DISAGREE_SAFE(0, Measures.BLOCKS_DISAGREE_SAFE),
    DISAGREE(1, Measures.BLOCKS_DISAGREE),
    REFUSAL(2, Measures.BLOCKS_REFUSAL),
    ERROR(3, Measures.BLOCKS_ERROR),
    CALIBRATION(4, Measures.BLOCKS_CALIBRATION),
    WINS(5, Measures.BLOCKS_WINS);

    private static final BlockKind[] ALL = values();

    private final int place;
    private final String measure;

    BlockKind(int place, String measure) {
        this.place = place;
        this.measure = measure;
    }

    int place() {
        return place;
    }

    String measure() {
        return measure;
    }

    static BlockKind[] all() {
        return ALL;
    }
}
