// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo;

import java.util.OptionalDouble;

/// One promise of the demo's plan. `observations` is what it wants to have seen before it may pass undecided.
public record PlannedGuardrail(String name, String kind, double limit, OptionalDouble hardLimit, long observations) {}
