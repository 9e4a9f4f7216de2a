// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.role;

import java.util.List;

/// A part of the platform that may run in this process. Which ones do is configuration (`edgewise.roles`).
public interface Role {
    /// The name in `edgewise.roles`.
    String name();

    /// The database schemas that this role owns, migrated before any role starts.
    default List<Migration> migrations() {
        return List.of();
    }

    void start();

    /// Stops cleanly and waits for it; safe to call more than once.
    void stop();

    Health health();

    /// `detail` is for operators: what is wrong and what to do, or what is going on.
    record Health(boolean up, String detail) {}

    /// A schema and the class-path folder of its Flyway scripts.
    record Migration(String schema, String location) {}
}
