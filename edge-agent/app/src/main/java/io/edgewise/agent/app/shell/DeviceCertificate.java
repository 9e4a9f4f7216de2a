// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.config.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A certificate and its private key, as the settings' files hold them: they belong together, and name no
/// other device.
///
/// @param named the devices that it is of; none where it only lets in
record DeviceCertificate(List<X509Certificate> chain, PrivateKey key, List<String> named) {
    private static final int URI_NAME = 6;
    private static final String OURS = "edgewise:";
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);
    private static final int LAST_PART = 10;

    static Optional<DeviceCertificate> read(Settings settings) throws IOException {
        Optional<Settings.Server> server = settings.server();
        Optional<Settings.ClientCertificate> files = server.flatMap(Settings.Server::certificate);
        if (files.isEmpty()) {
            return Optional.empty();
        }
        DeviceCertificate read = read(files.get());
        Settings.Identity who = settings.identity();
        read.requireOwn(
                files.get().chain(),
                "edgewise://" + who.tenant() + "/" + who.device(),
                server.get().token().isPresent());
        return Optional.of(read);
    }

    private static DeviceCertificate read(Settings.ClientCertificate files) throws IOException {
        List<X509Certificate> chain = chain(files.chain());
        PublicKey open = chain.getFirst().getPublicKey();
        PrivateKey key = key(files.key(), open.getAlgorithm());
        if (!isPair(files, open, key)) {
            throw new IOException("server.client-key: " + files.key() + " is the key of another certificate than "
                    + files.chain() + ", whose first one counts; name the key that it was made for");
        }
        return new DeviceCertificate(chain, key, named(files.chain(), chain.getFirst()));
    }

    private static List<X509Certificate> chain(Path pem) throws IOException {
        String at = "server.client-certificate: " + pem;
        try (InputStream in = Files.newInputStream(pem)) {
            List<X509Certificate> chain = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (chain.isEmpty()) {
                throw new IOException(at + " is empty; write the certificate in PEM (\"BEGIN CERTIFICATE\") into it");
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw new IOException(at + " holds no certificate in PEM (\"BEGIN CERTIFICATE\"): " + e.getMessage(), e);
        }
    }

    private static PrivateKey key(Path pem, String algorithm) throws IOException {
        String at = "server.client-key: " + pem;
        String plain = "; write it as PKCS#8 and not encrypted: openssl pkcs8 -topk8 -nocrypt -in " + pem;
        String text = Files.readString(pem);
        if (text.contains("ENCRYPTED")) {
            throw new IOException(at + " is encrypted, and nobody is here to give its password" + plain);
        }
        Matcher found = KEY.matcher(text);
        if (!found.find()) {
            throw new IOException(at + " holds no private key that begins with \"BEGIN PRIVATE KEY\"" + plain);
        }
        try {
            byte[] content = Base64.getMimeDecoder().decode(found.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    at + " holds no " + algorithm + " key, which the certificate asks for: " + e.getMessage(), e);
        }
    }

    /// What the one signs, the other knows.
    private static boolean isPair(Settings.ClientCertificate files, PublicKey open, PrivateKey key) throws IOException {
        try {
            Signature signature = Signature.getInstance(
                    switch (open.getAlgorithm()) {
                        case "EC" -> "SHA256withECDSA";
                        case "RSA" -> "SHA256withRSA";
                        default -> open.getAlgorithm();
                    });
            byte[] said = "device".getBytes(StandardCharsets.UTF_8);
            signature.initSign(key);
            signature.update(said);
            byte[] signed = signature.sign();
            signature.initVerify(open);
            signature.update(said);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            throw new IOException(
                    "server.client-certificate: " + files.chain() + " is of a kind (" + open.getAlgorithm()
                            + ") that cannot be used here (" + e.getMessage() + "); use EC, RSA or Ed25519",
                    e);
        }
    }

    /// One of another device would have the server refuse all records, or take them for that device's.
    private void requireOwn(Path pem, String own, boolean hasToken) throws IOException {
        if (named.isEmpty() && !hasToken) {
            throw new IOException(
                    "server.client-certificate: " + pem + " names no device, and there is no server.token;"
                            + " have one issued with subjectAltName=URI:" + own + ", or set the token");
        }
        if (!named.isEmpty() && !named.equals(List.of(own))) {
            throw new IOException("server.client-certificate: " + pem + " is of " + String.join(" and ", named)
                    + ", and this is " + own + "; have one issued for it, or correct device and tenant");
        }
    }

    private static List<String> named(Path pem, X509Certificate certificate) throws IOException {
        try {
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names == null
                    ? List.of()
                    : names.stream()
                            .filter(name -> Integer.valueOf(URI_NAME).equals(name.getFirst()))
                            .map(name -> String.valueOf(name.get(1)))
                            .filter(uri -> uri.startsWith(OURS))
                            .toList();
        } catch (CertificateParsingException e) {
            throw new IOException(
                    "server.client-certificate: " + pem + " has alternative names that cannot be read: "
                            + e.getMessage(),
                    e);
        }
    }

    /// How it is by now, for the doctor. In the last tenth of its life it is time for another one.
    Doctor.Finding look(Instant now) {
        Instant from = chain.getFirst().getNotBefore().toInstant();
        Instant until = chain.getFirst().getNotAfter().toInstant();
        String how = (named.isEmpty() ? "of no device: server.token says which" : "of " + named.getFirst()) + ", until "
                + until;
        if (now.isAfter(until)) {
            return finding(
                    Doctor.State.FAIL,
                    "it ran out on " + until + ": the server lets nobody in who shows it",
                    "have it renewed, or remove server.client-certificate and server.client-key and set server.token");
        }
        if (now.isBefore(from)) {
            return finding(Doctor.State.FAIL, "it counts from " + from + " only", "see whether this clock is right");
        }
        return now.isAfter(until.minus(Duration.between(from, until).dividedBy(LAST_PART)))
                ? finding(Doctor.State.WARN, how, "have it renewed: the agent reads the new file by itself")
                : finding(Doctor.State.OK, how, "");
    }

    private static Doctor.Finding finding(Doctor.State state, String how, String act) {
        return new Doctor.Finding("client certificate", state, how, act);
    }
}
