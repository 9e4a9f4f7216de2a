// SPDX-License-Identifier: Apache-2.0
package io.edgewise.server;

import io.edgewise.contracts.DeviceSecrets;
import io.edgewise.controller.KeyCabinet;
import io.edgewise.controller.SigningKeys;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
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
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's secrets as files: made at the first start where missing, readable by their owner only,
/// never replaced.
///
/// - `signing.key`, `signing.pub`: the Ed25519 pair of directives, PKCS#8 and X.509 in PEM.
/// - `signing-ID.key`, `signing-ID.pub`: those that followed it.
/// - `device-secret`, `operator-token`: text. The secret's bytes are those of its text, without white space
/// around it.
final class SecretsFolder implements KeyCabinet {
    private static final Logger LOG = LoggerFactory.getLogger(SecretsFolder.class);
    private static final String PRIVATE = "signing.key";
    private static final String PUBLIC = "signing.pub";
    private static final String DEVICE_SECRET = "device-secret";
    private static final String OPERATOR_TOKEN = "operator-token";
    private static final int RANDOM_BYTES = 32;

    private static final Pattern KEY_ID = Pattern.compile("[0-9a-f]{16}");

    private final Path folder;
    private final Map<String, SigningKeys> found = new ConcurrentHashMap<>();
    private volatile @Nullable SigningKeys first;

    private SecretsFolder(Path folder) {
        this.folder = folder;
    }

    static Secrets open(Path folder) {
        SecretsFolder secrets = new SecretsFolder(folder.toAbsolutePath());
        try {
            secrets.complete();
            secrets.warnWhereOthersCanRead();
            SigningKeys pair = SigningPem.parse(secrets.read(PRIVATE), secrets.read(PUBLIC));
            secrets.first = pair;
            return new Secrets(
                    pair,
                    secrets,
                    new DeviceSecrets(secrets.read(DEVICE_SECRET).getBytes(StandardCharsets.UTF_8)),
                    secrets.read(OPERATOR_TOKEN));
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new StartRefused("the secrets in " + secrets.folder + " (edgewise.secrets.folder) cannot be used: "
                    + e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    /// What the folder holds.
    ///
    /// @param signing the pair that the platform was set up with
    /// @param cabinet that one and those that followed it
    record Secrets(SigningKeys signing, KeyCabinet cabinet, DeviceSecrets devices, String operatorToken) {
        Secrets {
            if (operatorToken.length() < 16) {
                throw new IllegalArgumentException(OPERATOR_TOKEN + " has " + operatorToken.length()
                        + " characters; at least 16 random ones are needed");
            }
        }
    }

    @Override
    public SigningKeys first() {
        return Objects.requireNonNull(first, "the folder is not open");
    }

    @Override
    public Optional<SigningKeys> find(String keyId) {
        if (keyId.equals(first().keyId())) {
            return Optional.of(first());
        }
        SigningKeys known = found.get(keyId);
        if (known != null || !KEY_ID.matcher(keyId).matches() || !exists(follower(keyId) + ".key")) {
            return Optional.ofNullable(known);
        }
        try {
            SigningKeys pair = SigningPem.parse(read(follower(keyId) + ".key"), read(follower(keyId) + ".pub"));
            if (!pair.keyId().equals(keyId)) {
                throw new IllegalArgumentException("it is the pair of key " + pair.keyId());
            }
            found.put(keyId, pair);
            return Optional.of(pair);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            LOG.warn("{}.key and .pub in {} cannot be used: {}", follower(keyId), folder, e.toString());
            return Optional.empty();
        }
    }

    @Override
    public SigningKeys make() throws IOException {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            String keyId = SigningPem.id(pair.getPublic());
            // The private half last: where it is, both are.
            write(
                    follower(keyId) + ".pub",
                    SigningPem.pem("PUBLIC KEY", pair.getPublic().getEncoded()));
            write(
                    follower(keyId) + ".key",
                    SigningPem.pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
            LOG.info("Signing key {} was made in {}.", keyId, folder);
            return find(keyId).orElseThrow(() -> new IOException("the pair " + keyId + " cannot be read back"));
        } catch (GeneralSecurityException e) {
            throw new IOException("this Java makes no Ed25519 keys", e);
        }
    }

    private static String follower(String keyId) {
        return "signing-" + keyId;
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
        List<Path> secret = new ArrayList<>();
        for (String name : List.of(PRIVATE, DEVICE_SECRET, OPERATOR_TOKEN)) {
            secret.add(folder.resolve(name));
        }
        try (DirectoryStream<Path> followers = Files.newDirectoryStream(folder, "signing-*.key")) {
            followers.forEach(secret::add);
        }
        for (Path file : secret) {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                LOG.warn("{} can be read by every user of this machine; make it mode 0600.", file);
            }
        }
    }

    private static String random() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
