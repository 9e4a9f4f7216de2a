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
        List<EvidenceTotal> evidence,
        List<Map.Entry<WindowKey, Tally>> windows,
        List<Map.Entry<String, Long>> counters,
        Set<String> rollouts) {
    /// All that the lane ever counted for the key. `lastAppendMs` is when the stratum's last observation was appended;
    /// 0
    /// when there was none: feedback and blocks that end by time say nothing about whether devices still report.
    public record EvidenceTotal(EvidenceKey key, Tally tally, long lastAppendMs) {}
}
