// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// How a report is written.
enum Format {
    TEXT,
    JSON,
    HTML;

    /// The one asked for, else the one that the file's name means, else text.
    static Format of(Optional<Format> asked, Optional<Path> out) {
        if (asked.isPresent()) {
            return asked.get();
        }
        String name = out.map(Path::toString).orElse("").toLowerCase(Locale.ROOT);
        return name.endsWith(".html") || name.endsWith(".htm") ? HTML : name.endsWith(".json") ? JSON : TEXT;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
