// SPDX-License-Identifier: Apache-2.0
package io.edgewise.ingest.shell;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.DeviceSecrets.Principal;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Who a request's bearer token speaks for.
final class DeviceLogin {
    private static final String SCHEME = "Bearer ";
    private static final int LONGEST = 1024;

    private final DeviceSecrets secrets;
    private final Predicate<Principal> revoked;

    DeviceLogin(DeviceSecrets secrets, Predicate<Principal> revoked) {
        this.secrets = secrets;
        this.revoked = revoked;
    }

    Principal require(@Nullable String authorization) throws Problem {
        if (authorization == null
                || authorization.length() > LONGEST
                || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw Problem.unauthenticated();
        }
        Principal principal = secrets.authenticate(
                        authorization.substring(SCHEME.length()).strip())
                .orElseThrow(Problem::unauthenticated);
        if (revoked.test(principal)) {
            throw Problem.revoked();
        }
        return principal;
    }
}
