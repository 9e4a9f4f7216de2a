// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// Who says which answer was right.
public enum TruthSource {
    FEEDBACK,
    PEOPLE,
    JUDGE,
    /// A judge that runs on the device and tells its verdict as feedback: texts stay there.
    DEVICE_JUDGE
}
