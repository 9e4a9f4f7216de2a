// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.shell;

import java.net.URI;
import java.net.http.HttpRequest;

/// Requests to ingest, which say by a token whose they are: or by nothing, where the connection's certificate does.
final class Bearer {
    private Bearer() {}

    static HttpRequest.Builder request(URI address, String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
    }
}
