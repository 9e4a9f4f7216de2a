// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.testkit.Keytool;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
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
    private static final String ALIAS = "own";

    static OwnCertificate make(Path folder) throws IOException {
        Path store = folder.resolve("own.p12");
        new Keytool(store).make(ALIAS, "CN=" + ALIAS, List.of("-ext", "SAN=ip:127.0.0.1", "-ext", "bc:c"));
        return written(store, ALIAS);
    }

    /// One that this one signed, with this alternative name as keytool writes it; as settings in YAML.
    String issue(String alias, String name) throws IOException {
        new Keytool(store).make(alias, "CN=" + alias, List.of("-signer", ALIAS, "-ext", "SAN=" + name));
        OwnCertificate issued = written(store, alias);
        return "client-certificate: " + issued.pem + ", client-key: " + issued.key;
    }

    private static OwnCertificate written(Path store, String alias) throws IOException {
        try {
            Keytool keys = new Keytool(store);
            return new OwnCertificate(
                    store,
                    keys.writeCertificate(alias, store.resolveSibling(alias + ".pem")),
                    keys.writeKey(alias, store.resolveSibling(alias + "-key.pem")));
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    /// Settings of a broker's listener that shows it, and lets this one in.
    Map<String, String> ofBroker(String user, String password) {
        return Map.of(
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                store.toString(),
                "ssl.keystore.password",
                Keytool.PASSWORD,
                "ssl.key.password",
                Keytool.PASSWORD,
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
        KeyStore all = new Keytool(store).load();
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        char[] password = Keytool.PASSWORD.toCharArray();
        own.setKeyEntry(ALIAS, all.getKey(ALIAS, password), password, all.getCertificateChain(ALIAS));
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, password);
        return keys.getKeyManagers();
    }

    private TrustManager[] trusting() throws IOException, GeneralSecurityException {
        Certificate own = new Keytool(store).load().getCertificate(ALIAS);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, own);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust.getTrustManagers();
    }
}
