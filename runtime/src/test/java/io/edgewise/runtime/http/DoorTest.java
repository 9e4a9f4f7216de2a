// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DoorTest {
    private static final Door DOOR =
            new Door("edgewise.drift.webhook", List.of("hooks.example.com", "localhost"), List.of(), false);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hooks.example.com/x",
                "ftp://hooks.example.com/x",
                "https://other.example.com/x",
                "https://user:word@hooks.example.com/x",
                "https://hooks.example.com/x#part",
                "https:///x",
                "https://hooks.example.com.evil.org/x",
                "//hooks.example.com/x"
            })
    void onlyHttpsToNamedHostsIsAllowed(String url) {
        assertThatThrownBy(() -> new Target(URI.create(url), DOOR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("is ");
        assertThat(new Target(URI.create("https://HOOKS.example.com:8443/x?y=1"), DOOR).port())
                .isEqualTo(8443);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.9.9.9",
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.1.1",
                "169.254.169.254",
                "100.64.0.1",
                "0.0.0.0",
                "192.0.2.1",
                "198.18.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "::1",
                "::",
                "fe80::1",
                "fc00::1",
                "fd12::1",
                "ff02::1",
                "64:ff9b::7f00:1",
                "2002:7f00:1::",
                "2001:db8::1",
                "::ffff:10.0.0.1"
            })
    void whatIsNotPublicIsRefused(String address) throws UnknownHostException {
        URI url = URI.create("https://hooks.example.com/x");

        assertThat(DOOR.refusal(url, InetAddress.getByName(address)))
                .hasValueSatisfying(why -> assertThat(why).contains("edgewise.drift.webhook.networks"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "2606:4700::1", "2a00:1450::1"})
    void whatIsPublicIsAllowed(String address) throws UnknownHostException {
        assertThat(DOOR.refusal(URI.create("https://hooks.example.com/x"), InetAddress.getByName(address)))
                .isEmpty();
    }

    @Test
    void aListedNetworkIsAllowedAndNoOther() throws UnknownHostException {
        Door door = new Door(
                "edgewise.drift.webhook", List.of("hooks.example.com"), List.of("10.1.0.0/16", "fd00::/8"), false);
        URI url = URI.create("https://hooks.example.com/x");

        assertThat(door.refusal(url, InetAddress.getByName("10.1.200.3"))).isEmpty();
        assertThat(door.refusal(url, InetAddress.getByName("fd12::1"))).isEmpty();
        assertThat(door.refusal(url, InetAddress.getByName("10.2.0.1"))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"10.1.0.0/33", "internal.example.com/8", "10.1.0/x", "", "/8"})
    void aNetworkThatIsNoneIsRefused(String network) {
        assertThatThrownBy(() -> new Door("edgewise.drift.webhook", List.of(), List.of(network), false))
                .hasMessageContaining("is no network");
    }

    @Test
    void plainHttpGoesToThisMachineOnlyAndOnlyWhereItIsAllowed() throws UnknownHostException {
        Door door = new Door(
                "edgewise.drift.webhook", List.of("localhost", "hooks.example.com"), List.of("10.0.0.0/8"), true);

        assertThat(door.refusal(URI.create("http://localhost:8080/x"), InetAddress.getLoopbackAddress()))
                .isEmpty();
        assertThat(door.refusal(URI.create("http://hooks.example.com/x"), InetAddress.getByName("10.0.0.1")))
                .isPresent();
        assertThat(DOOR.refusal(URI.create("http://localhost:8080/x"))).isPresent();
    }

    /// The name was allowed; what it stands for is not.
    @Test
    void anAllowedNameThatStandsForThisMachineIsNotReached() {
        Target target = new Target(URI.create("https://localhost:1/x"), DOOR);
        Post post = new Post((SSLSocketFactory) SSLSocketFactory.getDefault(), Duration.ofSeconds(5));

        assertThat(post.send(target, Map.of(), new byte[0]))
                .isInstanceOfSatisfying(
                        Post.Answer.Failed.class,
                        failed -> assertThat(failed.why()).startsWith("refused: localhost"));
    }
}
