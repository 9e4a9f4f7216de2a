// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/// Addresses that begin with the same bits.
@SuppressWarnings("ArrayRecordComponent") // cloned on the way in, never given out
record Network(byte[] prefix, int bits) {
    /// Where the public internet is not: nothing there may be reached without being listed.
    private static final List<Network> PRIVATE = List.of(
            of("0.0.0.0/8"),
            of("10.0.0.0/8"),
            of("100.64.0.0/10"),
            of("127.0.0.0/8"),
            of("169.254.0.0/16"),
            of("172.16.0.0/12"),
            of("192.0.0.0/24"),
            of("192.0.2.0/24"),
            of("192.88.99.0/24"),
            of("192.168.0.0/16"),
            of("198.18.0.0/15"),
            of("198.51.100.0/24"),
            of("203.0.113.0/24"),
            of("224.0.0.0/3"));

    /// All that is handed out to the public; the rest of IPv6 is special.
    private static final Network PUBLIC_SIX = of("2000::/3");

    /// Inside it: documentation, and addresses that hide an IPv4 address.
    private static final List<Network> SPECIAL_SIX = List.of(of("2001::/23"), of("2001:db8::/32"), of("2002::/16"));

    Network {
        prefix = prefix.clone();
    }

    /// "10.1.0.0/16", "fd00::/8", or an address alone.
    static Network of(String cidr) {
        int slash = cidr.indexOf('/');
        String address = slash < 0 ? cidr : cidr.substring(0, slash);
        if (!address.matches("[0-9a-fA-F:.]+") || !address.contains(".") && !address.contains(":")) {
            throw wrong(cidr);
        }
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            int bits = slash < 0 ? bytes.length * Byte.SIZE : Integer.parseInt(cidr.substring(slash + 1));
            if (bits < 0 || bits > bytes.length * Byte.SIZE) {
                throw wrong(cidr);
            }
            return new Network(bytes, bits);
        } catch (UnknownHostException | NumberFormatException e) {
            throw wrong(cidr);
        }
    }

    private static IllegalArgumentException wrong(String cidr) {
        return new IllegalArgumentException("\"" + cidr + "\", which is no network; write 10.1.0.0/16 or fd00::/8");
    }

    boolean holds(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (bytes.length != prefix.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> bit % Byte.SIZE;
            if ((bytes[bit / Byte.SIZE] & mask) != (prefix[bit / Byte.SIZE] & mask)) {
                return false;
            }
        }
        return true;
    }

    static boolean isPublic(InetAddress address) {
        if (address.getAddress().length == 4) {
            return PRIVATE.stream().noneMatch(network -> network.holds(address));
        }
        return PUBLIC_SIX.holds(address) && SPECIAL_SIX.stream().noneMatch(network -> network.holds(address));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network that && bits == that.bits && Arrays.equals(prefix, that.prefix);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(prefix) + bits;
    }

    @Override
    public String toString() {
        return Arrays.toString(prefix) + "/" + bits;
    }
}
