// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift;

/// What one bin adds to the index of a feature that moved.
///
/// @param range the bin's values, in words: "0.594 to 0.825", "above 12", or the name of a category
/// @param before share of the baseline
/// @param now share of the window
/// @param part what the bin adds to the stability index
public record Moved(String range, double before, double now, double part) {}
