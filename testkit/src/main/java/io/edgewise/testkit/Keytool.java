// SPDX-License-Identifier: Apache-2.0
package io.edgewise.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A key store in a file, filled by the JDK's keytool.
public record Keytool(Path store) {
    public static final String PASSWORD = "changeit";

    /// Makes a key and a certificate that counts for two days.
    ///
    /// @param more options of keytool
    public void make(String alias, String subject, List<String> more) throws IOException {
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
                store.toString(),
                "-storepass",
                PASSWORD,
                "-alias",
                alias,
                "-dname",
                subject));
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

    public KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return keys;
    }

    /// Writes the certificate of this name as PEM.
    public Path writeCertificate(String alias, Path file) throws IOException, GeneralSecurityException {
        return pem(file, "CERTIFICATE", load().getCertificate(alias).getEncoded());
    }

    /// Writes the private key of this name as PEM.
    public Path writeKey(String alias, Path file) throws IOException, GeneralSecurityException {
        return pem(
                file,
                "PRIVATE KEY",
                load().getKey(alias, PASSWORD.toCharArray()).getEncoded());
    }

    private static Path pem(Path file, String what, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----\n",
                StandardCharsets.US_ASCII);
    }
}
