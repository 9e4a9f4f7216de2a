// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.access;

import java.security.Principal;

/// Who makes a request.
///
/// @param shared the token is not one person's, so that the name in the request counts
public record Caller(String name, AccessRole role, boolean shared) implements Principal {
    /// Of the token that is made with an installation.
    public static final Caller OPERATOR = new Caller("operator", AccessRole.ADMIN, true);

    @Override
    public String getName() {
        return name;
    }

    public boolean may(Right right) {
        return role.rights().contains(right);
    }

    /// The name that goes into the log: a person's token wins over what the request says.
    public String as(String said) {
        return shared && !said.isBlank() ? said : name;
    }
}
