// SPDX-License-Identifier: Apache-2.0
package io.edgewise.controller.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// Documents that come with the program and are answered as they are.
enum Published {
    PLAN_SCHEMA("plan.schema.json"),
    OPEN_API("openapi.json");

    private final String path;

    Published(String name) {
        this.path = "/io/edgewise/controller/" + name;
    }

    String text() {
        try (InputStream in = Published.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is not in this program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(path + " cannot be read", e);
        }
    }
}
