// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.controller.SigningKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's secrets as files: made at the first start where missing, readable by their owner only, never replaced.
///
/// - `signing.key`, `signing.pub`: the Ed25519 pair of directives, PKCS#8 and X.509 in PEM.
/// - `device-secret`, `operator-token`: text. The secret's bytes are those of its text, without white space around it.
final class SecretsFolder {
    private static final Logger LOG = LoggerFactory.getLogger(SecretsFolder.class);
    private static final String PRIVATE = "signing.key";
    private static final String PUBLIC = "signing.pub";
    private static final String DEVICE_SECRET = "device-secret";
    private static final String OPERATOR_TOKEN = "operator-token";
    private static final int RANDOM_BYTES = 32;

    private final Path folder;

    private SecretsFolder(Path folder) {
        this.folder = folder;
    }

    static Secrets open(Path folder) {
        SecretsFolder secrets = new SecretsFolder(folder.toAbsolutePath());
        try {
            secrets.complete();
            secrets.warnWhereOthersCanRead();
            return new Secrets(
                    SigningPem.parse(secrets.read(PRIVATE), secrets.read(PUBLIC)),
                    new DeviceSecrets(secrets.read(DEVICE_SECRET).getBytes(StandardCharsets.UTF_8)),
                    secrets.read(OPERATOR_TOKEN));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new StartRefused("the secrets in " + secrets.folder + " (edgewise.secrets.folder) cannot be used: "
                    + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /// What the folder holds.
    record Secrets(SigningKeys signing, DeviceSecrets devices, String operatorToken) {
        Secrets {
            if (operatorToken.length() < 16) {
                throw new IllegalArgumentException(OPERATOR_TOKEN + " has " + operatorToken.length()
                        + " characters; at least 16 random ones are needed");
            }
        }
    }

    private void complete() throws IOException, GeneralSecurityException {
        if (isComplete()) {
            return;
        }
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, permissions("rwx------"));
        }
        // Several processes may start on one folder at once; one of them makes the secrets.
        try (FileChannel guard =
                        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = guard.lock()) {
            if (lock.isValid() && !isComplete()) {
                makeMissing();
            }
        }
    }

    private boolean isComplete() {
        return exists(PRIVATE) && exists(PUBLIC) && exists(DEVICE_SECRET) && exists(OPERATOR_TOKEN);
    }

    private void makeMissing() throws IOException, GeneralSecurityException {
        if (exists(PRIVATE) != exists(PUBLIC)) {
            throw new IllegalArgumentException("one of " + PRIVATE + " and " + PUBLIC
                    + " is missing; restore it, or remove the other to have a new pair made (devices must then be given "
                    + "the new public key)");
        }
        if (!exists(PRIVATE)) {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            write(PUBLIC, SigningPem.pem("PUBLIC KEY", pair.getPublic().getEncoded()));
            write(PRIVATE, SigningPem.pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        }
        if (!exists(DEVICE_SECRET)) {
            write(DEVICE_SECRET, random() + '\n');
        }
        if (!exists(OPERATOR_TOKEN)) {
            write(OPERATOR_TOKEN, random() + '\n');
        }
        LOG.info("Secrets were made in {}; the operator's token is in {}.", folder, folder.resolve(OPERATOR_TOKEN));
    }

    private boolean exists(String name) {
        return Files.exists(folder.resolve(name));
    }

    private String read(String name) throws IOException {
        String content = Files.readString(folder.resolve(name)).strip();
        if (content.isEmpty()) {
            boolean half = name.equals(PRIVATE) || name.equals(PUBLIC);
            throw new IllegalArgumentException(name + " is empty; restore it, or delete "
                    + (half ? PRIVATE + " and " + PUBLIC : "it") + " and start again to have "
                    + (half ? "a new pair made (devices must then be given the new public key)" : "a new one made"));
        }
        return content;
    }

    private void write(String name, String content) throws IOException {
        // A process that is killed here leaves a file beside the secret, never an empty or partial secret.
        Path partial = folder.resolve('.' + name + ".partial");
        Files.deleteIfExists(partial);
        try (FileChannel file = FileChannel.open(
                partial, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), permissions("rw-------"))) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(partial, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }

    private FileAttribute<?>[] permissions(String text) {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(text))}
                : new FileAttribute<?>[0];
    }

    private void warnWhereOthersCanRead() throws IOException {
        if (!folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        for (String name : Set.of(PRIVATE, DEVICE_SECRET, OPERATOR_TOKEN)) {
            if (Files.getPosixFilePermissions(folder.resolve(name)).contains(PosixFilePermission.OTHERS_READ)) {
                LOG.warn("{} can be read by every user of this machine; make it mode 0600.", folder.resolve(name));
            }
        }
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
