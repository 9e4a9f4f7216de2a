// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell;

import io.edgewise.drift.Baseline;

/// A stored baseline of one slice.
///
/// @param id names this version of it for ever
record Reference(String id, String slice, Baseline baseline) {
    Key key() {
        return new Key(slice, baseline.feature());
    }

    /// What a rollout has one finding at a time of.
    record Key(String slice, String feature) {}
}
