// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.features;

import java.util.Map;

/// The built-in drift features of a text: numbers, so that the text itself can stay on the device.
public final class TextFeatures {
    private TextFeatures() {}

    public static Map<String, Double> of(String text) {
        return Map.of(
                "tokens", (double) Tokens.of(text).size(),
                "chars", (double) text.codePointCount(0, text.length()));
    }
}
