// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.Names;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a device must do: answered when there is something newer than what it knows.
@Singleton
@Path("/ingest/v1/orders")
public class OrdersResource {
    static final int LONGEST_WAIT_SECONDS = 30;

    private final IngestRole role;
    private final DeviceLogin login;

    @Inject
    public OrdersResource(IngestRole role, DeviceSecrets secrets) {
        this.role = role;
        this.login = new DeviceLogin(secrets, role::isRevoked);
    }

    @GET
    @RunOnVirtualThread
    public Response orders(
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization,
            @QueryParam("workload") @Nullable String workload,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("wait") @Nullable String wait) {
        try {
            Principal principal = login.require(authorization);
            String asked = workload(workload);
            long known = number("cursor", cursor, Long.MAX_VALUE);
            long seconds = number("wait", wait, LONGEST_WAIT_SECONDS);
            return Response.ok(
                            role.orders(principal, asked, known, Duration.ofSeconds(seconds))
                                    .toByteArray(),
                            RecordsResource.PROTOBUF)
                    .build();
        } catch (Problem problem) {
            return problem.toResponse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Problem.unavailable("the server stops; ask again").toResponse();
        }
    }

    static String workload(@Nullable String named) throws Problem {
        if (named == null || !Names.isValid(named)) {
            throw Problem.malformed(
                    "the parameter workload is missing or no name; send ?workload=NAME, a name is 1 to 128 of a-z 0-9 . _ -, the"
                            + " first a letter or a digit");
        }
        return named;
    }

    static long number(String name, @Nullable String text, long most) throws Problem {
        if (text == null || text.isEmpty()) {
            return 0;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw notBetween(name, most);
        }
        throw notBetween(name, most);
    }

    private static Problem notBetween(String name, long most) {
        return Problem.malformed("the parameter " + name + " must be a whole number from 0 to " + most);
    }
}
