// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller;

/// Who says which answer was right.
public enum TruthSource {
    FEEDBACK,
    PEOPLE,
    JUDGE
}
