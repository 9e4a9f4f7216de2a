// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.evaluator.judge.Choice;

/// What came of one question to the judge.
sealed interface Reply {
    Usage usage();

    /// Tokens that are paid for: as the judge states them, else the most that they may have been.
    record Usage(long tokensIn, long tokensOut) {
        static final Usage NONE = new Usage(0, 0);

        Usage plus(Usage other) {
            return new Usage(tokensIn + other.tokensIn, tokensOut + other.tokensOut);
        }
    }

    /// `version` is the model as it names itself, with its fingerprint.
    record Said(Choice choice, String version, Usage usage) implements Reply {}

    /// It answered, and not with a choice: asking again would be fishing for one.
    record NoChoice(String reason, Usage usage) implements Reply {}

    /// It did not answer, or only said that it cannot now. `ofQuestion`: it may be this very question that it fails on.
    record Trouble(String reason, boolean ofQuestion, Usage usage) implements Reply {}
}
