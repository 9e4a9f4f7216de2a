// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import io.edgewise.console.Etag;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The files that pages refer to. Servers let browsers keep them for a day; their version in the address changes with
/// their content.
final class StaticFiles {
    private static final String FOLDER = "/META-INF/resources/console/";

    private StaticFiles() {}

    static String version() {
        return Etag.hex(read("console.css") + read("console.js") + read("stop.js") + read("favicon.svg"))
                .substring(0, 12);
    }

    private static String read(String name) {
        try (InputStream in = StaticFiles.class.getResourceAsStream(FOLDER + name)) {
            if (in == null) {
                throw new IllegalStateException("the console's file " + FOLDER + name + " is missing in the build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FOLDER + name, e);
        }
    }
}
