// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Where this server listens, and under which names it may be addressed.
record Binding(String host, boolean insecureAllowed, boolean tlsOnly, Set<String> names) {
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "::1");

    static Binding of(String host, boolean insecureAllowed, boolean tlsOnly, List<String> further) {
        Set<String> names = new HashSet<>(OWN_NAMES);
        names.add(host.toLowerCase(Locale.ROOT));
        further.forEach(name -> names.add(name.strip().toLowerCase(Locale.ROOT)));
        return new Binding(host, insecureAllowed, tlsOnly, Set.copyOf(names));
    }

    /// Only this machine can connect.
    boolean isLoopback() {
        String bare = host.replace("[", "").replace("]", "");
        return bare.equalsIgnoreCase("localhost")
                || bare.equals("::1")
                || bare.equals("0:0:0:0:0:0:0:1")
                || bare.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }

    void requireSafe() {
        if (!isLoopback() && !tlsOnly && !insecureAllowed) {
            throw new StartRefused("quarkus.http.host=" + host + " lets other machines connect, and there is no TLS: "
                    + "tokens would cross the network in the clear. Configure quarkus.http.ssl.certificate.* with "
                    + "quarkus.http.insecure-requests=disabled, or bind to 127.0.0.1, or, where something in front "
                    + "does TLS, set edgewise.insecure-bind=true.");
        }
    }

    /// Whether a Host header, or the authority of an Origin, names this server. A page of another name, resolved to
    /// this address, must not talk to it.
    boolean knows(String authority) {
        return names.contains(name(authority.strip().toLowerCase(Locale.ROOT)));
    }

    private static String name(String authority) {
        if (authority.startsWith("[")) {
            int end = authority.indexOf(']');
            return end < 0 ? authority : authority.substring(1, end);
        }
        int colon = authority.indexOf(':');
        return colon < 0 ? authority : authority.substring(0, colon);
    }
}
