// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Whose certificates count where the agent asks over HTTPS: those of the Java runtime, and a company's own.
final class Trust {
    private Trust() {}

    /// @param shown the device's own certificate, where it has one
    static HttpClient.Builder with(Optional<Path> authorities, Optional<OwnKeys> shown) throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder();
        Optional<X509TrustManager> manager = manager(authorities);
        if (manager.isPresent() || shown.isPresent()) {
            builder.sslContext(context(manager, shown));
        }
        return builder;
    }

    /// Without authorities of its own, what the Java runtime trusts is enough.
    static Optional<X509TrustManager> manager(Optional<Path> authorities) throws IOException {
        return authorities.isEmpty() ? Optional.empty() : Optional.of(trusting(authorities.get()));
    }

    /// Where one of them is absent, the Java runtime's own holds.
    private static SSLContext context(Optional<X509TrustManager> manager, Optional<OwnKeys> shown) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    shown.map(keys -> new KeyManager[] {keys}).orElse(null),
                    manager.map(trusting -> new TrustManager[] {trusting}).orElse(null),
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java runtime has no TLS", e);
        }
    }

    private static X509TrustManager trusting(Path pem) throws IOException {
        try {
            KeyStore trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            int number = 0;
            for (TrustManager usual : managers(null)) {
                if (usual instanceof X509TrustManager x509) {
                    for (X509Certificate issuer : x509.getAcceptedIssuers()) {
                        trusted.setCertificateEntry("usual-" + number, issuer);
                        number++;
                    }
                }
            }
            for (Certificate own : read(pem)) {
                trusted.setCertificateEntry("own-" + number, own);
                number++;
            }
            for (TrustManager manager : managers(trusted)) {
                if (manager instanceof X509TrustManager x509) {
                    return x509;
                }
            }
            throw new IOException("this Java runtime looks at no certificates");
        } catch (GeneralSecurityException e) {
            throw new IOException("trusted-authorities: " + pem + " cannot be used: " + e.getMessage(), e);
        }
    }

    private static TrustManager[] managers(@Nullable KeyStore trusted) throws GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private static Collection<? extends Certificate> read(Path pem) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(pem)) {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.isEmpty()) {
                throw new IOException("trusted-authorities: " + pem + " holds no certificate in PEM");
            }
            return certificates;
        }
    }
}
