// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.util.List;

/// One picture with its words. Where there is nothing to draw, `svg` is empty and `empty` says what will fill it.
public record Chart(String id, String title, String about, List<Key> keys, String svg, String empty) {
    public Chart {
        keys = List.copyOf(keys);
    }

    /// A line of the legend: `css` is the class of its sample.
    public record Key(String css, String word) {}

    static Chart empty(String id, String title, String empty) {
        return new Chart(id, title, "", List.of(), "", empty);
    }
}
