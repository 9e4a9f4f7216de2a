// SPDX-License-Identifier: Apache-2.0
package io.edgewise.demo.shell;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Opens a page in the desktop's browser, where there is a desktop.
final class Browser {
    private Browser() {}

    static void open(String address) {
        List<String> command = command(System.getProperty("os.name", ""), System.getenv());
        if (command.isEmpty()) {
            return;
        }
        try {
            new ProcessBuilder(java.util.stream.Stream.concat(command.stream(), java.util.stream.Stream.of(address))
                            .toList())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            // The address stands on the screen; a browser is a convenience.
            return;
        }
    }

    static List<String> command(String system, Map<String, String> environment) {
        String name = system.toLowerCase(Locale.ROOT);
        if (name.contains("mac")) {
            return List.of("open");
        }
        if (name.contains("windows")) {
            return List.of("rundll32", "url.dll,FileProtocolHandler");
        }
        boolean desktop = environment.containsKey("DISPLAY") || environment.containsKey("WAYLAND_DISPLAY");
        return desktop ? List.of("xdg-open") : List.of();
    }
}
