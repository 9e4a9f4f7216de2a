// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.time.Instant;

/// A line of the rollout's decision log.
public record Decision(long number, Instant at, String kind, int stage, int shareBp, String sentence) {}
