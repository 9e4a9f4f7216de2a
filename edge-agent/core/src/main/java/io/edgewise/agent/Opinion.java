// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import io.edgewise.contracts.v1.Feedback;
import io.edgewise.contracts.v1.Thumb;

/// What somebody thinks of an answer.
public sealed interface Opinion {
    void into(Feedback.Builder feedback);

    /// The label that would have been right.
    record Truth(String label) implements Opinion {
        @Override
        public void into(Feedback.Builder feedback) {
            feedback.setTruthLabel(label);
        }
    }

    record Thumbs(boolean isUp) implements Opinion {
        @Override
        public void into(Feedback.Builder feedback) {
            feedback.setThumb(isUp ? Thumb.THUMB_UP : Thumb.THUMB_DOWN);
        }
    }

    /// Between 0 and 1.
    record Score(double value) implements Opinion {
        public Score {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("a score lies between 0 and 1, not at " + value);
            }
        }

        @Override
        public void into(Feedback.Builder feedback) {
            feedback.setScore(value);
        }
    }
}
