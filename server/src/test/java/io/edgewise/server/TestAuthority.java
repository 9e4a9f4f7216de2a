// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.testkit.Keytool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// An authority of 127.0.0.1 and of devices, made with the JDK's keytool.
record TestAuthority(Path folder) {
    private static final String OWN = "own";

    static TestAuthority make(Path folder) {
        try {
            TestAuthority authority = new TestAuthority(Files.createDirectories(folder));
            Files.deleteIfExists(folder.resolve("keys.p12"));
            Keytool keys = authority.keytool();
            keys.make(OWN, "CN=127.0.0.1", List.of("-ext", "bc:c", "-ext", "SAN=ip:127.0.0.1,dns:localhost"));
            keys.writeCertificate(OWN, authority.certificate());
            keys.writeKey(OWN, authority.key());
            return authority;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Also the server's own.
    Path certificate() {
        return folder.resolve("own.pem");
    }

    Path key() {
        return folder.resolve("own-key.pem");
    }

    /// Issues a certificate with this alternative name, as keytool writes it.
    TestAuthority issue(String alias, String name) throws IOException {
        keytool().make(alias, "CN=" + alias, List.of("-signer", OWN, "-ext", "SAN=" + name));
        return this;
    }

    /// Of a client that trusts this authority, and shows what was issued under this alias; none where it is empty.
    SSLContext client(TestAuthority trusted, String alias) throws IOException, GeneralSecurityException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry(OWN, trusted.keys().getCertificate(OWN));
        TrustManagerFactory trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusting.init(trust);
        KeyStore shown = KeyStore.getInstance("PKCS12");
        shown.load(null, null);
        if (!alias.isEmpty()) {
            KeyStore all = keys();
            shown.setKeyEntry(
                    alias,
                    all.getKey(alias, Keytool.PASSWORD.toCharArray()),
                    Keytool.PASSWORD.toCharArray(),
                    all.getCertificateChain(alias));
        }
        KeyManagerFactory showing = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        showing.init(shown, Keytool.PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(showing.getKeyManagers(), trusting.getTrustManagers(), null);
        return context;
    }

    KeyStore keys() throws IOException, GeneralSecurityException {
        return keytool().load();
    }

    private Keytool keytool() {
        return new Keytool(folder.resolve("keys.p12"));
    }
}
