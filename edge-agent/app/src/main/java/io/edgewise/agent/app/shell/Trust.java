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
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Whose certificates count where the agent asks over HTTPS: those of the Java runtime, and a company's own.
final class Trust {
    private Trust() {}

    static HttpClient.Builder with(Optional<Path> authorities) throws IOException {
        HttpClient.Builder builder = HttpClient.newBuilder();
        if (authorities.isPresent()) {
            builder.sslContext(context(authorities.get()));
        }
        return builder;
    }

    private static SSLContext context(Path pem) throws IOException {
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
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, managers(trusted), null);
            return context;
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
