// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerReaderTest {
    private static Post.Answer read(String wire, int mostBytes) throws IOException {
        byte[] bytes = wire.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        return new AnswerReader(new ByteArrayInputStream(bytes), mostBytes).read();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello and more",
                "HTTP/1.1 200 OK\ncontent-length:5\n\nhello",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2;x=y\nhe\n3\nllo\n0\n\n",
                "HTTP/1.0 200 OK\n\nhello",
                "HTTP/1.1 100 Continue\n\nHTTP/1.1 200 OK\nContent-Length: 5\n\nhello"
            })
    void theBodyIsReadHoweverItIsFramed(String wire) throws IOException {
        assertThat(read(wire, 64)).isEqualTo(new Post.Answer.Status(200, "hello"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\nContent-Length: 6\n\nhello",
                "HTTP/1.1 200 OK\nContent-Length: -1\n\nhello",
                "HTTP/1.1 200 OK\nContent-Length: 65\n\nhello",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n5\nhello\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nffffffff\nhello\n",
                "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\nhello\n",
                "HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: 5\n\nhello",
                "HTTP/1.1 200 OK\nContent-",
                ""
            })
    void aCutOrOddOrOversizedAnswerIsAFailureAndNoShorterAnswer(String wire) {
        assertThatThrownBy(() -> read(wire, 64)).isInstanceOf(IOException.class);
    }

    @Test
    void anEndlessBodyIsReadToTheLimitOnly() {
        assertThatThrownBy(() -> read("HTTP/1.0 200 OK\n\n" + "x".repeat(65), 64))
                .hasMessageContaining("longer than 64 bytes");
    }

    @Test
    void whoAsksForTheStatusAloneGetsItAlone() throws IOException {
        assertThat(read("HTTP/1.1 503 No\n", 0)).isEqualTo(new Post.Answer.Status(503, ""));
        assertThat(read("SSH-2.0\n", 0)).isInstanceOf(Post.Answer.Failed.class);
    }
}
