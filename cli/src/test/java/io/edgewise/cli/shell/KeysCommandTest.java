// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class KeysCommandTest {
    private static final String KEYS = """
            {"version": 1, "sent": 0, "keys": [
              {"id": "00112233aabbccdd", "publicKey": "x", "state": "announced", "since": 1, "retired": null, "here": true},
              {"id": "ffeeddcc99887766", "publicKey": "x", "state": "signs", "since": 0, "retired": null, "here": false}]}
            """;

    @RegisterExtension
    private final StandInServer server = new StandInServer();

    private Run run(String... arguments) {
        server.on("/api/v1/keys", 200, KEYS);
        Run run = server.run(arguments);
        assertThat(run.code()).as(run.err()).isZero();
        return run;
    }

    @Test
    void listsWhatEachKeyDoes() {
        assertThat(run("keys", "list").out()).isEqualTo("""
                        KEY               STATE      SINCE  HERE
                        00112233aabbccdd  announced      1  yes
                        ffeeddcc99887766  signs          0  no
                        key set 1, in Kafka: 0
                        """);
    }

    @Test
    void announcesAKeyAndSaysWhy() {
        run("keys", "rotate", "--why", "once a year");
        run("keys", "rotate", "--why", "from the safe", "--key", "00112233aabbccdd");

        assertThat(server.lines())
                .containsExactly(
                        "POST /api/v1/keys {\"why\":\"once a year\"}",
                        "POST /api/v1/keys {\"why\":\"from the safe\",\"key\":\"00112233aabbccdd\"}");
    }

    @Test
    void retiresAKeyAndTellsWhatStandsInTheWay() {
        run("keys", "retire", "ffeeddcc99887766", "--why", "lost & found", "--anyway");
        assertThat(server.lines())
                .containsExactly("DELETE /api/v1/keys/ffeeddcc99887766?why=lost%20%26%20found&anyway=true");

        server.on("/api/v1/keys", 409, "{\"title\":\"something is still signed by it\",\"detail\":\"publish them\"}");
        Run refused = server.run("keys", "retire", "ffeeddcc99887766", "--why", "x");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("something is still signed by it", "publish them");
    }
}
