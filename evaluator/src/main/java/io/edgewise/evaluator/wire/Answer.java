// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.wire;

import io.edgewise.contracts.Probabilities;

/// One arm of a [Request]: what of it is counted.
public final class Answer {
    static final int NO_VERDICT = 0;
    static final int VALID = 1;
    static final int INVALID = 2;

    int role;
    Word label = Word.EMPTY;
    Word errorCode = Word.EMPTY;
    boolean hasDigest;
    boolean hasConfidence;
    double confidence;
    boolean hasEntropy;
    double entropy;
    boolean hasTokens;
    long tokensIn;
    long tokensOut;
    boolean hasOutputLength;
    long outputLength;
    boolean hasFirstToken;
    long firstTokenUs;
    long latencyUs;
    boolean hasCost;
    long costNanos;
    boolean hasEnergy;
    long energyUj;
    int refusal;
    int schema = NO_VERDICT;
    int top;
    double topSum;
    int ran;

    void clear() {
        role = 0;
        label = Word.EMPTY;
        errorCode = Word.EMPTY;
        hasDigest = false;
        hasConfidence = false;
        hasEntropy = false;
        hasTokens = false;
        tokensIn = 0;
        tokensOut = 0;
        hasOutputLength = false;
        outputLength = 0;
        hasFirstToken = false;
        latencyUs = 0;
        hasCost = false;
        costNanos = 0;
        hasEnergy = false;
        energyUj = 0;
        refusal = 0;
        schema = NO_VERDICT;
        top = 0;
        topSum = 0;
        ran = 0;
    }

    /// Number of the protobuf enum: 1 champion, 2 challenger, 3 reference.
    public int role() {
        return role;
    }

    public Word label() {
        return label;
    }

    /// Empty when the arm answered.
    public Word errorCode() {
        return errorCode;
    }

    /// It has an error code, or its output was found invalid.
    public boolean failed() {
        return !errorCode.isEmpty() || schema == INVALID;
    }

    public boolean hasConfidence() {
        return hasConfidence;
    }

    public double confidence() {
        return confidence;
    }

    /// Its highest probabilities cannot be those of one distribution, so that its confidence is no probability.
    public boolean isUnnormalised() {
        return Probabilities.areUnnormalised(topSum);
    }

    public boolean hasEntropy() {
        return hasEntropy;
    }

    public double entropy() {
        return entropy;
    }

    public boolean hasTokens() {
        return hasTokens;
    }

    public long tokensIn() {
        return tokensIn;
    }

    public long tokensOut() {
        return tokensOut;
    }

    public boolean hasOutputLength() {
        return hasOutputLength;
    }

    public long outputLength() {
        return outputLength;
    }

    public boolean hasFirstToken() {
        return hasFirstToken;
    }

    public long firstTokenUs() {
        return firstTokenUs;
    }

    public long latencyUs() {
        return latencyUs;
    }

    public boolean hasCost() {
        return hasCost;
    }

    public long costNanos() {
        return costNanos;
    }

    public boolean hasEnergy() {
        return hasEnergy;
    }

    public long energyUj() {
        return energyUj;
    }

    public boolean hasRefusalClass() {
        return refusal != 0;
    }

    public boolean refused() {
        return refusal == 3;
    }
}
