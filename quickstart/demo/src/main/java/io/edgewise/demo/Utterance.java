// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

/// What a user says, and what was meant.
public record Utterance(String text, String intent) {}
