// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/// A certificate of 127.0.0.1 that nobody signed but itself, as a key store and as PEM files; and an authority of
/// others.
record OwnCertificate(Path store, Path pem, Path key) {
    private static final String PASSWORD = "changeit";
    private static final String ALIAS = "own";

    static OwnCertificate make(Path folder) throws IOException {
        Path store = folder.resolve("own.p12");
        keytool(store, ALIAS, List.of("-ext", "SAN=ip:127.0.0.1", "-ext", "bc:c"));
        return written(store, ALIAS);
    }

    /// One that this one signed, with this alternative name as keytool writes it; as settings in YAML.
    String issue(String alias, String name) throws IOException {
        keytool(store, alias, List.of("-signer", ALIAS, "-ext", "SAN=" + name));
        OwnCertificate issued = written(store, alias);
        return "client-certificate: " + issued.pem + ", client-key: " + issued.key;
    }

    private static OwnCertificate written(Path store, String alias) throws IOException {
        try {
            KeyStore keys = load(store);
            return new OwnCertificate(
                    store,
                    pem(
                            store.resolveSibling(alias + ".pem"),
                            "CERTIFICATE",
                            keys.getCertificate(alias).getEncoded()),
                    pem(
                            store.resolveSibling(alias + "-key.pem"),
                            "PRIVATE KEY",
                            keys.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static void keytool(Path store, String alias, List<String> more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + alias,
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-alias",
                alias,
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        command.addAll(more);
        Path said = store.resolveSibling("keytool.txt");
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

    private static KeyStore load(Path store) throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    private static Path pem(Path file, String what, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n",
                StandardCharsets.US_ASCII);
    }

    /// Settings of a broker's listener that shows it, and lets this one in.
    Map<String, String> ofBroker(String user, String password) {
        return Map.of(
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                store.toString(),
                "ssl.keystore.password",
                PASSWORD,
                "ssl.key.password",
                PASSWORD,
                "sasl.enabled.mechanisms",
                "PLAIN",
                "plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_" + user + "=\"" + password
                        + "\";");
    }

    /// Of a server that shows it.
    SSLContext shown() throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(showing(), null, null);
        return context;
    }

    /// Of a server that shows it, and trusts whom it signed.
    SSLContext mutual() throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(showing(), trusting(), null);
        return context;
    }

    /// Of a client that trusts it, and nobody else.
    SSLContext trust() throws IOException, GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusting(), null);
        return context;
    }

    /// This one, and none of those that it issued.
    private KeyManager[] showing() throws IOException, GeneralSecurityException {
        KeyStore all = load(store);
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        char[] password = PASSWORD.toCharArray();
        own.setKeyEntry(ALIAS, all.getKey(ALIAS, password), password, all.getCertificateChain(ALIAS));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, password);
        return keys.getKeyManagers();
    }

    private TrustManager[] trusting() throws IOException, GeneralSecurityException {
        Certificate own = load(store).getCertificate(ALIAS);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, own);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust.getTrustManagers();
    }
}
