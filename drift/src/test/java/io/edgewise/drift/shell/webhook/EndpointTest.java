// SPDX-License-Identifier: Apache-2.0
package io.edgewise.drift.shell.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.runtime.http.Door;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointTest {
    private static final Door DOOR = new Door("edgewise.drift.webhook", List.of("hooks.example.com"), List.of(), false);
    private static final String SECRET = "a secret of some length";

    @Test
    void anAddressThatTheDoorDoesNotLetThroughIsRefusedByItsKey() {
        assertThatThrownBy(() -> Endpoint.of("ops", URI.create("http://hooks.example.com/x"), SECRET, DOOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("edgewise.drift.webhook.endpoints.ops.url is ");
    }

    @Test
    void aShortSecretIsRefusedAndNoSecretIsPrinted() {
        URI url = URI.create("https://hooks.example.com/x");

        assertThatThrownBy(() -> Endpoint.of("ops", url, "short", DOOR)).hasMessageContaining("at least 16");
        assertThat(Endpoint.of("ops", url, SECRET, DOOR).toString()).doesNotContain(SECRET);
    }

    @Test
    void theSignatureIsHmacOverSecondDotBody() {
        // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 'a secret of some length'
        assertThat(Signature.of(SECRET, 1_700_000_000L, "{\"a\":1}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("t=1700000000,v1=e09db3ce6e6e8f9b633a62851e5074a9e9148ac19b1c0e1a8f7c352380be630b");
    }
}
