// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.util.List;
import java.util.Map;

/// Marks and blocks of a lane, one row each.
public record DeviceRows(List<Map.Entry<MarkKey, DeviceMark>> marks, List<Map.Entry<DeviceKey, DeviceBlocks>> blocks) {}
