// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/// The key of the records that hold texts: 32 bytes in a file of its own, readable by its owner only.
/// Best kept apart from the spool, where the operating system protects it (a systemd credential, an
/// encrypted volume).
public final class SpoolKey {
    private static final int BYTES = 32;

    private SpoolKey() {}

    public static SecretKey of(byte[] key) {
        if (key.length != BYTES) {
            throw new IllegalArgumentException(
                    "the spool's key has " + key.length + " bytes; it needs exactly " + BYTES + " random ones");
        }
        return new SecretKeySpec(key, "AES");
    }

    /// Reads the key, or makes one where there is no file.
    public static SecretKey file(Path file) throws IOException {
        if (!Files.exists(file)) {
            make(file);
        }
        byte[] key = Files.readAllBytes(file);
        try {
            return of(key);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }

    private static void make(Path file) throws IOException {
        byte[] key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        Path fresh = file.resolveSibling(file.getFileName() + "." + Long.toHexString(new SecureRandom().nextLong()));
        Set<OpenOption> options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        boolean isPosix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] owner = isPosix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        try (java.nio.channels.FileChannel channel = java.nio.channels.FileChannel.open(fresh, options, owner)) {
            channel.write(java.nio.ByteBuffer.wrap(key));
            channel.force(true);
        }
        try {
            // A link is made whole or not at all, and never over another process's key.
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            return;
        } catch (UnsupportedOperationException e) {
            Files.move(fresh, file);
            return;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
