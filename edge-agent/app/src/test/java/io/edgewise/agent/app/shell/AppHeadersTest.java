// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AppHeadersTest {
    @Test
    void whatIsMeantForWhoeverAnswersGoesOnAndNothingElse() {
        MultiMap sent = MultiMap.caseInsensitiveMultiMap()
                .add("OpenAI-Project", "p-1")
                .add("X-Trace", "a")
                .add("X-Trace", "b")
                .add("Connection", "keep-alive, X-Hop")
                .add("X-Hop", "1")
                .add("Host", "localhost:8747")
                .add("TE", "trailers")
                .add("Content-Length", "12")
                .add("Content-Type", "application/json")
                .add("Accept-Encoding", "gzip")
                .add("Authorization", "Bearer app")
                .add("Cookie", "s=1")
                .add("Origin", "http://localhost:3000")
                .add("X-Edgewise-Unit", "user-7");

        assertThat(AppHeaders.headers(sent))
                .isEqualTo(Map.of("openai-project", List.of("p-1"), "x-trace", List.of("a", "b")));
    }
}
