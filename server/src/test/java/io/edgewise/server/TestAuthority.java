// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// An authority of 127.0.0.1 and of devices, made with the JDK's keytool.
record TestAuthority(Path folder) {
    private static final String PASSWORD = "changeit";
    private static final String OWN = "own";

    static TestAuthority make(Path folder) {
        try {
            TestAuthority authority = new TestAuthority(Files.createDirectories(folder));
            Files.deleteIfExists(folder.resolve("keys.p12"));
            authority.keytool(OWN, "CN=127.0.0.1", List.of("-ext", "bc:c", "-ext", "SAN=ip:127.0.0.1,dns:localhost"));
            KeyStore keys = authority.keys();
            pem(authority.certificate(), "CERTIFICATE", keys.getCertificate(OWN).getEncoded());
            pem(
                    authority.key(),
                    "PRIVATE KEY",
                    keys.getKey(OWN, PASSWORD.toCharArray()).getEncoded());
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
        keytool(alias, "CN=" + alias, List.of("-signer", OWN, "-ext", "SAN=" + name));
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
                    all.getKey(alias, PASSWORD.toCharArray()),
                    PASSWORD.toCharArray(),
                    all.getCertificateChain(alias));
        }
        KeyManagerFactory showing = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        showing.init(shown, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(showing.getKeyManagers(), trusting.getTrustManagers(), null);
        return context;
    }

    KeyStore keys() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("keys.p12"))) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private void keytool(String alias, String subject, List<String> more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                folder.resolve("keys.p12").toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                alias,
                "-dname",
                subject));
        command.addAll(more);
        Path said = folder.resolve("keytool.txt");
        try {
            Process made = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            if (made.waitFor() != 0) {
                throw new IOException(Files.readString(said));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void pem(Path file, String what, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n",
                StandardCharsets.US_ASCII);
    }
}
