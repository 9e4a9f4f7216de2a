// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.runtime.access.Caller;
import jakarta.ws.rs.core.SecurityContext;
import java.security.Principal;

/// Tells resources who calls.
record CallerContext(Caller caller, SecurityContext before) implements SecurityContext {
    @Override
    public Principal getUserPrincipal() {
        return caller;
    }

    @Override
    public boolean isUserInRole(String role) {
        return caller.role().text().equals(role);
    }

    @Override
    public boolean isSecure() {
        return before.isSecure();
    }

    @Override
    public String getAuthenticationScheme() {
        return "Bearer";
    }
}
