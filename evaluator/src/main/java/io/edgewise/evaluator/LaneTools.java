// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

/// What all lanes of a process share.
public record LaneTools(EvaluatorPolicy policy, Slices slices, FeedbackTokens tokens) {}
