// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.access;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What somebody is. Devices are none of these: they speak to ingest, with tokens of their own.
public enum AccessRole {
    VIEWER(EnumSet.of(Right.READ)),
    OPERATOR(EnumSet.of(Right.READ, Right.OPERATE)),
    APPROVER(EnumSet.of(Right.READ, Right.APPROVE)),
    ADMIN(EnumSet.allOf(Right.class));

    private final EnumSet<Right> rights;

    AccessRole(EnumSet<Right> rights) {
        this.rights = rights;
    }

    public Set<Right> rights() {
        return EnumSet.copyOf(rights);
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<AccessRole> of(String text) {
        for (AccessRole role : values()) {
            if (role.text().equals(text)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
