// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.contracts.DeviceSecrets.Principal;
import io.edgewise.contracts.Names;
import io.quarkus.vertx.http.HttpServerOptionsCustomizer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemTrustOptions;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/// A device may show a certificate in the place of its token: one that `edgewise.device-authorities` vouch
/// for and that names the device in a URI, `edgewise://TENANT/DEVICE`. Then ingest sees the token of that
/// device, so that all that holds for the token holds for the certificate, its revocation too.
@Singleton
final class DeviceCertificates implements HttpServerOptionsCustomizer {
    private static final String AUTHORIZATION = "Authorization";
    private static final int URI_NAME = 6;
    private static final Pattern NAME = Pattern.compile("edgewise://([^/]+)/([^/]+)");

    private final Optional<Path> authorities;
    private final DeviceSecrets devices;

    @Inject
    DeviceCertificates(PlatformConfig config, DeviceSecrets devices) {
        this.authorities = config.deviceAuthorities();
        this.devices = devices;
    }

    @Override
    public void customizeHttpsServer(HttpServerOptions options) {
        authorities.ifPresent(pem -> {
            if (!Files.isReadable(pem)) {
                throw new StartRefused("edgewise.device-authorities: " + pem + " cannot be read");
            }
            options.setClientAuth(ClientAuth.REQUEST)
                    .setTrustOptions(new PemTrustOptions().addCertPath(pem.toString()));
        });
    }

    /// Puts the token of the device that the connection's certificate names into a request that has none.
    /// Empty, or why the request is to be refused.
    String lendToken(HttpServerRequest request) {
        Optional<Principal> named = authorities.isEmpty() || !request.isSSL()
                ? Optional.empty()
                : shown(request.sslSession()).flatMap(DeviceCertificates::principal);
        if (named.isEmpty()) {
            return "";
        }
        String lent =
                "Bearer " + devices.token(named.get().tenant(), named.get().device());
        String sent = request.getHeader(AUTHORIZATION);
        if (sent == null) {
            request.headers().set(AUTHORIZATION, lent);
        }
        return sent == null || sent.equals(lent) ? "" : "the certificate is of one device and the token of another";
    }

    private static Optional<X509Certificate> shown(SSLSession session) {
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate own ? Optional.of(own) : Optional.empty();
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    /// Whom it names; empty where it names none or several.
    static Optional<Principal> principal(X509Certificate certificate) {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            List<String> ours = names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> Integer.valueOf(URI_NAME).equals(name.get(0)))
                            .map(name -> String.valueOf(name.get(1)))
                            .filter(uri -> uri.startsWith("edgewise:"))
                            .toList();
            Matcher parts = NAME.matcher(ours.size() == 1 ? ours.getFirst() : "");
            return parts.matches() && Names.isValid(parts.group(1)) && Names.isValid(parts.group(2))
                    ? Optional.of(new Principal(parts.group(1), parts.group(2)))
                    : Optional.empty();
        } catch (CertificateParsingException e) {
            return Optional.empty();
        }
    }
}
