// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.torture;

/// What a user says of an answer.
sealed interface Said {
    record ThumbOf(boolean isUp) implements Said {}

    /// In 64ths: whole millionths.
    record Score(int sixtyFourths) implements Said {}

    record Correction(String label) implements Said {}
}
