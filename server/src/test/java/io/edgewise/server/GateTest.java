// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.runtime.access.AccessRole;
import io.edgewise.runtime.access.Caller;
import io.edgewise.server.Gate.Answer;
import io.edgewise.server.Gate.Head;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GateTest {
    private static final String TOKEN = "operator-token-of-tests";
    private static final Answer FREE = new Answer.Enter(Optional.empty());
    private static final Answer OPERATOR = new Answer.Enter(Optional.of(Caller.OPERATOR));

    private static final Caller BEN = new Caller("ben", AccessRole.VIEWER, false);

    private final Gate local = new Gate(binding("127.0.0.1"), true, TOKEN, GateTest::token);
    private final Gate exposed = new Gate(binding("0.0.0.0"), false, TOKEN, GateTest::token);

    @Test
    void theApiNeedsTheOperatorsToken() {
        assertThat(status(local, get("/api/v1/rollouts", null))).isEqualTo(401);
        assertThat(status(local, get("/api/v1/rollouts", "Bearer wrong"))).isEqualTo(401);
        assertThat(status(local, get("/api/v1/rollouts", "Bearer "))).isEqualTo(401);
        assertThat(status(local, get("/API/v1/rollouts", null))).isEqualTo(401);
        assertThat(local.decide(get("/api/v1/rollouts", "Bearer " + TOKEN))).isEqualTo(OPERATOR);
    }

    @Test
    void pagesAreOpenOnAServerOfThisMachineOnly() {
        assertThat(local.decide(get("/", null))).isEqualTo(FREE);
        assertThat(status(exposed, get("/", null))).isEqualTo(401);
        assertThat(((Answer.Refuse) exposed.decide(get("/", null))).challenge()).startsWith("Basic");
        assertThat(exposed.decide(get("/", basic("anyone", TOKEN)))).isEqualTo(OPERATOR);
        assertThat(exposed.decide(get("/", "Bearer " + TOKEN))).isEqualTo(OPERATOR);
        assertThat(status(exposed, get("/", basic("anyone", "wrong")))).isEqualTo(401);
        assertThat(status(exposed, get("/", "Basic %%%"))).isEqualTo(401);
    }

    @Test
    void onlyReadingPagesIsOpen() {
        assertThat(status(local, new Head("POST", "/rollouts/1", "localhost", null, null)))
                .isEqualTo(401);
    }

    @Test
    void healthIsOpenAndMetricsOnlyHere() {
        assertThat(exposed.decide(get("/q/health/ready", null))).isEqualTo(FREE);
        assertThat(local.decide(get("/q/metrics", null))).isEqualTo(FREE);
        assertThat(status(exposed, get("/q/metrics", null))).isEqualTo(401);
        assertThat(status(local, get("/q/anything", null))).isEqualTo(401);
        assertThat(status(local, get("/q/healthy", null))).isEqualTo(401);
        assertThat(status(local, new Head("POST", "/q/health", "localhost", null, null)))
                .isEqualTo(401);
    }

    @Test
    void deviceDoorsAreForTheirResourcesToGuard() {
        assertThat(exposed.decide(get("/ingest/v1/orders", "Bearer some-device")))
                .isEqualTo(FREE);
        assertThat(status(exposed, get("/ingested", null))).isEqualTo(401);
    }

    @Test
    void otherHostNamesAreMisdirected() {
        for (String host : List.of("localhost:8080", "127.0.0.1", "[::1]:8080", "LOCALHOST", "edge.example:443")) {
            assertThat(local.decide(new Head("GET", "/", host, null, null)))
                    .as(host)
                    .isEqualTo(FREE);
        }
        for (String host : List.of("evil.example", "localhost.evil.example:8080", "[::2]", "")) {
            assertThat(status(local, new Head("GET", "/q/health", host, null, null)))
                    .as(host)
                    .isEqualTo(421);
        }
        assertThat(status(local, new Head("GET", "/", null, null, null))).isEqualTo(421);
    }

    @Test
    void anotherSitesPageMayNotAct() {
        String right = "Bearer " + TOKEN;

        assertThat(status(local, new Head("POST", "/api/v1/rollouts", "localhost", "http://evil.example", right)))
                .isEqualTo(403);
        assertThat(status(local, new Head("POST", "/api/v1/rollouts", "localhost", "null", right)))
                .isEqualTo(403);
        assertThat(local.decide(new Head("POST", "/api/v1/rollouts", "localhost", "http://localhost:8080", right)))
                .isEqualTo(OPERATOR);
    }

    @Test
    void pathsWithMatrixParametersAreMalformed() {
        assertThat(status(local, get("/api;x=1/v1/rollouts", null))).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "[::1]", "127.1.2.3"})
    void loopbackHostsAreSafe(String host) {
        assertThat(binding(host).isLoopback()).isTrue();
        assertThatCode(() -> binding(host).requireSafe()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.168.1.5", "127.0.0.1.evil.example", "server.example"})
    void otherHostsNeedTlsOrAWord(String host) {
        assertThatThrownBy(() -> binding(host).requireSafe())
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining(host)
                .hasMessageContaining("edgewise.insecure-bind");
        assertThatCode(() -> Binding.of(host, true, false, List.of()).requireSafe())
                .doesNotThrowAnyException();
        assertThatCode(() -> Binding.of(host, false, true, List.of()).requireSafe())
                .doesNotThrowAnyException();
    }

    private static Binding binding(String host) {
        return Binding.of(host, false, false, List.of("edge.example"));
    }

    private static Head get(String path, @Nullable String authorization) {
        return new Head("GET", path, "localhost:8080", null, authorization);
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ':' + password).getBytes(StandardCharsets.UTF_8));
    }

    private static int status(Gate gate, Head head) {
        return gate.decide(head) instanceof Answer.Refuse refuse ? refuse.status() : 200;
    }

    @Test
    void aGeneratedTokenComesInAsItsOwner() {
        assertThat(local.decide(get("/api/v1/rollouts", "Bearer edgewise_ben")))
                .isEqualTo(new Answer.Enter(Optional.of(BEN)));
        assertThat(exposed.decide(get("/", basic("ben", "edgewise_ben"))))
                .isEqualTo(new Answer.Enter(Optional.of(BEN)));
        assertThat(status(local, get("/api/v1/rollouts", "Bearer edgewise_bem")))
                .isEqualTo(401);
    }

    private static Optional<Caller> token(String token) {
        return token.equals("edgewise_ben") ? Optional.of(BEN) : Optional.empty();
    }
}
