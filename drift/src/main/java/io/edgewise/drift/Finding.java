// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

import java.util.List;

/// A feature of a slice that has drifted and has not come back yet.
///
/// @param severity the worst seen since it opened
/// @param openedMinute the first minute of the window that opened it
/// @param lastMinute the last minute of the last window that was beyond a limit
/// @param calmWindows windows without drift since then
/// @param moved what moved, in the worst window
public record Finding(
        String id,
        String slice,
        String feature,
        Severity severity,
        long openedMinute,
        long lastMinute,
        int calmWindows,
        String sentence,
        List<Moved> moved) {
    public Finding {
        moved = List.copyOf(moved);
    }

    Finding beyond(Severity severity, long lastMinute, String sentence, List<Moved> moved) {
        return new Finding(id, slice, feature, severity, openedMinute, lastMinute, 0, sentence, moved);
    }

    Finding calmer() {
        return new Finding(id, slice, feature, severity, openedMinute, lastMinute, calmWindows + 1, sentence, moved);
    }
}
