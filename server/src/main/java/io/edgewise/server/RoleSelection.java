// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.runtime.role.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Which roles run in this process, in the order in which they start: who consumes before who lets in.
record RoleSelection(List<Role> running) {
    static final String ALL = "all";

    private static final List<String> ORDER = List.of("evaluator", "drift", "controller", "ingest", "console");

    RoleSelection {
        running = List.copyOf(running);
    }

    static RoleSelection of(List<String> configured, List<Role> known) {
        List<Role> ordered = new ArrayList<>(known);
        ordered.sort(
                Comparator.<Role>comparingInt(role -> position(role.name())).thenComparing(Role::name));
        Set<String> wanted = new LinkedHashSet<>();
        configured.forEach(name -> wanted.add(name.strip().toLowerCase(Locale.ROOT)));
        wanted.remove("");
        if (wanted.isEmpty()) {
            throw new StartRefused("edgewise.roles is empty; set it to \"all\" or to some of " + names(ordered));
        }
        if (wanted.equals(Set.of(ALL))) {
            return new RoleSelection(ordered);
        }
        List<String> unknown = wanted.stream()
                .filter(name -> ordered.stream().noneMatch(role -> role.name().equals(name)))
                .toList();
        if (!unknown.isEmpty()) {
            throw new StartRefused("edgewise.roles names " + unknown + ", which this server does not have; it knows "
                    + names(ordered) + ", or \"all\" alone");
        }
        return new RoleSelection(
                ordered.stream().filter(role -> wanted.contains(role.name())).toList());
    }

    List<String> names() {
        return names(running);
    }

    /// Only ingest lives without the database.
    boolean needsDatabase() {
        return running.stream().anyMatch(role -> !role.name().equals("ingest"));
    }

    private static List<String> names(List<Role> roles) {
        return roles.stream().map(Role::name).toList();
    }

    private static int position(String name) {
        int position = ORDER.indexOf(name);
        return position < 0 ? ORDER.size() : position;
    }
}
