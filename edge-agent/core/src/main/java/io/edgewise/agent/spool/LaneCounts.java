// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

/// How a lane stands: records not yet acknowledged, last sequence given, sequence up to which all are acknowledged,
/// sequences declared as dropped.
public record LaneCounts(long pending, long lastSeq, long acknowledged, long dropped) {}
