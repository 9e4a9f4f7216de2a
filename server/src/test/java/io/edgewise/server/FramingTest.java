// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FramingTest {
    private static String fault(String target, List<String> hosts, List<String> lengths, List<String> encodings) {
        return new Framing(HttpVersion.HTTP_1_1, target, false, hosts, lengths, encodings).fault();
    }

    @Test
    void anOrdinaryRequestHasNoFault() {
        assertThat(fault("/x", List.of("localhost"), List.of("4"), List.of())).isEmpty();
        assertThat(fault("/x", List.of("localhost"), List.of(), List.of("Chunked ")))
                .isEmpty();
        assertThat(fault("*", List.of("localhost"), List.of(), List.of())).isEmpty();
        assertThat(fault("http://LOCALHOST:8080/x", List.of("localhost:8080"), List.of(), List.of()))
                .isEmpty();
    }

    @Test
    void aBodyWhoseEndCanBeReadInTwoWaysIsRefused() {
        assertThat(fault("/x", List.of("a"), List.of("4", "4"), List.of())).contains("Content-Length is there twice");
        assertThat(fault("/x", List.of("a"), List.of("4"), List.of("chunked"))).contains("said twice");
        assertThat(fault("/x", List.of("a"), List.of(), List.of("chunked", "chunked")))
                .contains("said twice");
        assertThat(new Framing(HttpVersion.HTTP_1_0, "/x", false, List.of("a"), List.of(), List.of("chunked")).fault())
                .contains("of HTTP/1.1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"xchunked", "chunked, identity", "identity", "gzip, chunked", "", "chunked;q=1", "chu nked"})
    void anotherTransferEncodingIsRefused(String encoding) {
        assertThat(fault("/x", List.of("a"), List.of(), List.of(encoding))).contains("only Transfer-Encoding");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://evil.example/x",
                "http://localhost@evil.example/x",
                "http://localhost.evil.example/x",
                "localhost:80",
                "x",
                "http:///x",
                "http://[/x"
            })
    void aTargetOfAnotherServerIsRefused(String target) {
        assertThat(fault(target, List.of("localhost"), List.of(), List.of())).contains("name two servers");
    }

    @Test
    void aHeaderWithoutANameIsRefused() {
        assertThat(new Framing(HttpVersion.HTTP_1_1, "/x", true, List.of("a"), List.of(), List.of()).fault())
                .contains("has no name");
    }

    @Test
    void anUnknownVersionIsRefused() {
        assertThat(new Framing(null, "/x", false, List.of("a"), List.of(), List.of()).fault())
                .contains("send HTTP/1.1");
    }

    @Test
    void twoHostsAreRefused() {
        assertThat(fault("/x", List.of("localhost", "localhost"), List.of(), List.of()))
                .contains("Host is there twice");
    }

    @Test
    void onlyAChunkedBodyEndsItsConnection() {
        assertThat(new Framing(HttpVersion.HTTP_1_1, "/x", false, List.of("a"), List.of("4"), List.of())
                        .endsConnection())
                .isFalse();
        assertThat(new Framing(HttpVersion.HTTP_1_1, "/x", false, List.of("a"), List.of(), List.of("chunked"))
                        .endsConnection())
                .isTrue();
    }
}
