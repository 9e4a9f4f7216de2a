// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.drift;

/// A rule that is asked window after window.
interface Detector {
    String name();

    /// Begins a stream against a reference.
    Watch watch(Sample reference);

    /// One stream.
    interface Watch {
        /// Whether there is an alarm after this window.
        boolean alarm(Sample window);
    }
}
