// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.spi.BeanManager;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Who can come in, asked of the running server.
@QuarkusTest
@QuarkusTestResource(EmbeddedPlatform.class)
class DoorsIT {
    private final Browser browser = new Browser();
    private final BeanManager beans;
    private final SecretsFolder.Secrets secrets;

    DoorsIT(BeanManager beans, SecretsFolder.Secrets secrets) {
        this.beans = beans;
        this.secrets = secrets;
    }

    @Test
    void noRouteIsReachableWithoutCredentialsExceptPages() {
        List<Routes.Route> routes = Routes.of(beans);

        assertThat(routes)
                .extracting(Routes.Route::path)
                .contains("/ingest/v1/orders", "/ingest/v1/batches", "/ingest/v1/status");
        for (Routes.Route route : routes) {
            for (String authorization : List.of("", "Bearer x", "Basic eDp4", "Bearer default~device-1~AAAA")) {
                HttpResponse<String> answer = browser.call(route.method(), route.path(), headers(route, authorization));
                if (!route.isPage()) {
                    assertThat(answer.statusCode())
                            .as("%s with \"%s\"", route, authorization)
                            .isEqualTo(401);
                }
            }
        }
    }

    @Test
    void aRefusalCanBeReadOverHttp2() {
        Browser browserOfToday = new Browser(HttpClient.Version.HTTP_2);

        HttpResponse<String> refused = browserOfToday.get("/api/v1/rollouts", Map.of("Authorization", "Bearer x"));

        assertThat(refused.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.body()).contains("\"status\":401");
    }

    @Test
    void theOperatorIsLetIn() {
        for (Routes.Route route : Routes.of(beans)) {
            if (route.path().startsWith("/api/") && route.method().equals("GET")) {
                assertThat(browser.status(
                                "GET", route.path(), Map.of("Authorization", "Bearer " + secrets.operatorToken())))
                        .as("%s", route)
                        .isNotIn(401, 403);
            }
        }
        assertThat(browser.get("/api/v1/nothing").statusCode()).isEqualTo(401);
        assertThat(browser.get("/api/v1/nothing", Map.of("Authorization", "Bearer " + secrets.operatorToken()))
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void detoursToTheApiAreGuardedToo() {
        for (String path : List.of(
                "//api/v1/rollouts",
                "/./api/v1/rollouts",
                "/x/../api/v1/rollouts",
                "/%61pi/v1/rollouts",
                "/api%2Fv1/rollouts",
                "/API/v1/rollouts",
                "/api;a=b/v1/rollouts",
                "/ingest/../api/v1/rollouts")) {
            assertThat(rawStatus("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                    .as(path)
                    .isIn(400, 401, 404);
        }
    }

    @Test
    void developmentDoorsAreClosed() {
        for (String path : List.of("/q", "/q/dev-ui", "/q/info", "/q/swagger-ui", "/q/openapi", "/q/arc")) {
            assertThat(browser.get(path).statusCode()).as(path).isEqualTo(401);
        }
    }

    @Test
    void otherHostNamesAndNoneAreMisdirected() {
        assertThat(rawStatus("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .isEqualTo(421);
        assertThat(rawStatus("GET /q/health HTTP/1.1\r\nHost: evil.example:80\r\nConnection: close\r\n\r\n"))
                .isEqualTo(421);
        assertThat(rawStatus("GET /q/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
                .isIn(200, 503);
    }

    @Test
    void everyAnswerCarriesSecurityHeaders() {
        for (String path : List.of("/", "/q/health/live", "/api/v1/rollouts", "/ingest/v1/orders", "/nothing")) {
            HttpResponse<String> answer = browser.get(path);
            assertThat(answer.headers().firstValue("Content-Security-Policy"))
                    .as(path)
                    .hasValueSatisfying(policy -> assertThat(policy)
                            .contains("default-src 'self'", "frame-ancestors 'none'")
                            .doesNotContain("unsafe"));
            assertThat(answer.headers().firstValue("X-Content-Type-Options"))
                    .as(path)
                    .hasValue("nosniff");
            assertThat(answer.headers().firstValue("Referrer-Policy")).as(path).hasValue("no-referrer");
        }
    }

    private static Map<String, String> headers(Routes.Route route, String authorization) {
        Map<String, String> headers = new HashMap<>();
        if (!authorization.isEmpty()) {
            headers.put("Authorization", authorization);
        }
        if (route.path().equals("/ingest/v1/batches")) {
            headers.put("Content-Type", "application/json");
        } else if (!route.method().equals("GET")) {
            headers.put("Content-Type", "application/json");
        }
        return headers;
    }

    private static int rawStatus(String request) {
        try (Socket socket = new Socket(Browser.base().getHost(), Browser.base().getPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = answer.readLine();
            return line == null ? 0 : Integer.parseInt(line.split(" ")[1]);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
