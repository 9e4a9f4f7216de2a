// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

/// One spool of one sender.
public record MarkKey(String tenant, String sender, long epoch) {}
