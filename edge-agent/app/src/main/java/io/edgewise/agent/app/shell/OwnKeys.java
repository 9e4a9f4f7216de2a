// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.config.Settings;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/// Shows the device's certificate to its server when that asks for one, and to nobody else: a frontier need
/// not know who the device is. The files are read again for each handshake, so that a renewed certificate needs no
/// restart; where they are no good, what was good before is shown.
final class OwnKeys extends X509ExtendedKeyManager {
    private static final System.Logger LOG = System.getLogger(OwnKeys.class.getName());
    private static final int HTTPS = 443;

    /// The name under which TLS asks for both halves: of one reading, never of two.
    private record Shown(long number, DeviceCertificate own) {
        String alias() {
            return "device-" + number;
        }
    }

    /// The newest, and the one before it, whose halves a handshake may still ask for.
    private record Lately(Shown newest, Shown before) {
        @Nullable
        DeviceCertificate of(String alias) {
            return alias.equals(newest.alias()) ? newest.own() : alias.equals(before.alias()) ? before.own() : null;
        }

        Lately then(DeviceCertificate read) {
            return read.chain().equals(newest.own().chain())
                    ? this
                    : new Lately(new Shown(newest.number() + 1, read), newest);
        }
    }

    private final Settings settings;
    private final String host;
    private final int port;
    private volatile Lately lately;

    private OwnKeys(Settings settings, URI server, DeviceCertificate own) {
        this.settings = settings;
        this.host = bare(server.getHost());
        this.port = server.getPort() < 0 ? HTTPS : server.getPort();
        Shown first = new Shown(1, own);
        this.lately = new Lately(first, first);
    }

    /// Empty where the settings name none.
    static Optional<OwnKeys> of(Settings settings) throws IOException {
        Optional<DeviceCertificate> own = DeviceCertificate.read(settings);
        return own.map(
                read -> new OwnKeys(settings, settings.server().orElseThrow().url(), read));
    }

    /// An address of IPv6 stands in brackets in a URL.
    private static String bare(String host) {
        return host.replaceAll("[\\[\\]]", "").toLowerCase(Locale.ROOT);
    }

    private synchronized Shown newest() {
        try {
            Optional<DeviceCertificate> read = DeviceCertificate.read(settings);
            read.ifPresent(own -> lately = lately.then(own));
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "{0}; the certificate that was read before is shown", e.getMessage());
        }
        return lately.newest();
    }

    @Override
    public @Nullable String chooseEngineClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, SSLEngine engine) {
        String peer = engine.getPeerHost();
        if (peer == null || !bare(peer).equals(host) || engine.getPeerPort() != port) {
            return null;
        }
        Shown shown = newest();
        String algorithm = shown.own().key().getAlgorithm();
        return Arrays.stream(keyTypes).anyMatch(type -> type.equalsIgnoreCase(algorithm)) ? shown.alias() : null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        DeviceCertificate own = lately.of(alias);
        return own == null ? null : own.chain().toArray(X509Certificate[]::new);
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        DeviceCertificate own = lately.of(alias);
        return own == null ? null : own.key();
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return new String[] {lately.newest().alias()};
    }

    /// For sockets, which the agent does not open.
    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
