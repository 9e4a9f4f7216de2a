// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.tally.Tally;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a lane has to store in one transaction: evidence, marks, devices and counters as totals, windows as additions.
public record Changes(
        long nextOffset,
        long lastAppendMs,
        List<Map.Entry<MarkKey, DeviceMark>> marks,
        List<Map.Entry<DeviceKey, DeviceBlocks>> devices,
        List<Map.Entry<EvidenceKey, Tally>> evidence,
        List<Map.Entry<WindowKey, Tally>> windows,
        List<Map.Entry<String, Long>> counters,
        Set<String> rollouts) {}
