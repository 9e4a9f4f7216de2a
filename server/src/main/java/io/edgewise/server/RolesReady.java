// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.runtime.role.Role;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/// Ready when every role of this process is. Says which are; what troubles one is in the log, not on an open page.
@Readiness
@Singleton
final class RolesReady implements HealthCheck {
    private final RoleStarter starter;

    @Inject
    RolesReady(RoleStarter starter) {
        this.starter = starter;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("roles");
        boolean up = true;
        for (Role role : starter.running()) {
            boolean roleUp = role.health().up();
            response.withData(role.name(), roleUp ? "up" : "down");
            up &= roleUp;
        }
        return response.status(up).build();
    }
}
