// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.orders;

/// Now, by the wall and by a clock that never jumps.
public record Moment(long wallMs, long nanos) {}
