// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.http;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Where requests may go. Hosts are named one by one; an address outside the public internet must lie in a network
/// that is named too, whatever the host's name says, and is asked each time: names change.
public final class Door {
    private final String keys;
    private final Set<String> hosts;
    private final List<Network> networks;
    private final boolean httpLoopback;

    /// `keys` is what the configuration keys that opened it begin with, for messages.
    public Door(String keys, List<String> hosts, List<String> networks, boolean httpLoopback) {
        this.keys = keys;
        this.hosts = hosts.stream()
                .map(host -> host.strip().toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
        this.networks =
                networks.stream().map(cidr -> network(keys, cidr.strip())).toList();
        this.httpLoopback = httpLoopback;
    }

    private static Network network(String keys, String cidr) {
        try {
            return Network.of(cidr);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(keys + ".networks names " + e.getMessage(), e);
        }
    }

    /// Why an endpoint of this address is refused; empty where it is not.
    public Optional<String> refusal(URI url) {
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        String host = url.getHost();
        if (host == null || url.getUserInfo() != null || url.getFragment() != null) {
            return Optional.of("it must be https://host[:port]/path without user or fragment");
        }
        if (!scheme.equals("https") && !(scheme.equals("http") && httpLoopback)) {
            return Optional.of(
                    "its scheme must be https (http only to this machine, with " + keys + ".http-loopback=true)");
        }
        return hosts.contains(host.toLowerCase(Locale.ROOT))
                ? Optional.empty()
                : Optional.of("its host is not in " + keys + ".hosts");
    }

    /// Why an address that the host's name stands for is refused; empty where it is not.
    public Optional<String> refusal(URI url, InetAddress address) {
        boolean plain = "http".equalsIgnoreCase(url.getScheme());
        if (plain) {
            return httpLoopback && address.isLoopbackAddress()
                    ? Optional.empty()
                    : Optional.of("http goes to this machine only, and " + url.getHost() + " is not here");
        }
        return Network.isPublic(address) || networks.stream().anyMatch(network -> network.holds(address))
                ? Optional.empty()
                : Optional.of(url.getHost() + " stands for " + address.getHostAddress()
                        + ", which is not public; list its network in " + keys + ".networks if it is meant");
    }
}
