// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.builds;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.function.BooleanSupplier;

/// Brings files into a folder, by their SHA-256 alone: what has come stays when the road breaks off, no
/// byte beyond the declared length is written, and a file has its name only once it is whole, checked and
/// on disk.
final class Fetch {
    private static final int CHUNK = 1 << 16;
    private static final String PART = ".part";

    private final Path folder;
    private final BuildSource source;

    Fetch(Path folder, BuildSource source) {
        this.folder = folder;
        this.source = source;
    }

    Path file(String sha256) {
        return folder.resolve(sha256);
    }

    private Path part(String sha256) {
        return folder.resolve(sha256 + PART);
    }

    /// What is still to come of a file.
    long missing(String sha256, long bytes) throws IOException {
        if (Files.exists(file(sha256))) {
            return 0;
        }
        Path part = part(sha256);
        return bytes - (Files.exists(part) ? Math.min(bytes, Files.size(part)) : 0);
    }

    /// What has come of files that nobody asks for any more.
    void forgetPartsBut(Set<String> needed) throws IOException {
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "*" + PART)) {
            for (Path part : parts) {
                String name = part.getFileName().toString();
                if (!needed.contains(name.substring(0, name.length() - PART.length()))) {
                    Files.delete(part);
                }
            }
        }
    }

    /// The file, fetched where it is not here yet, for as long as it is wanted. An IOException means: try again
    /// later.
    Path get(String sha256, long bytes, BooleanSupplier isWanted) throws IOException, BuildRefusal {
        Path file = file(sha256);
        if (Files.exists(file)) {
            return file;
        }
        Path part = part(sha256);
        if (Files.isSymbolicLink(part)) {
            // What comes would be written wherever it leads.
            Files.delete(part);
        }
        try (FileChannel channel =
                FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (channel.size() > bytes) {
                channel.truncate(0);
            }
            if (channel.size() < bytes) {
                receive(sha256, bytes, channel, isWanted);
            }
            channel.force(true);
            check(sha256, channel, part);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
        return file;
    }

    private void receive(String sha256, long bytes, FileChannel channel, BooleanSupplier isWanted)
            throws IOException, BuildRefusal {
        try (BuildSource.Part rest = source.file(sha256, channel.size())) {
            if (rest.from() != channel.size()) {
                channel.truncate(0);
            }
            if (rest.from() != channel.size()) {
                throw new IOException(
                        "the source began file " + sha256 + " at byte " + rest.from() + ", which was not asked for");
            }
            channel.position(channel.size());
            byte[] chunk = new byte[CHUNK];
            long left = bytes - channel.size();
            int read = rest.bytes().read(chunk);
            while (read >= 0) {
                if (read > left) {
                    channel.truncate(0);
                    throw new BuildRefusal(
                            "too-long", "file " + sha256 + " is longer than the " + bytes + " bytes of its manifest");
                }
                ByteBuffer buffer = ByteBuffer.wrap(chunk, 0, read);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                left -= read;
                if (left > 0 && !isWanted.getAsBoolean()) {
                    throw new IOException("nobody wants file " + sha256 + " any more; what came of it stays");
                }
                read = rest.bytes().read(chunk);
            }
            if (left > 0) {
                throw new IOException("file " + sha256 + " broke off with " + left + " bytes to come");
            }
        }
    }

    private static void check(String sha256, FileChannel channel, Path part) throws IOException, BuildRefusal {
        String actual = digest(channel);
        if (!actual.equals(sha256)) {
            Files.delete(part);
            throw new BuildRefusal("digest", "what came for file " + sha256 + " has the SHA-256 " + actual);
        }
    }

    private static String digest(FileChannel channel) throws IOException {
        MessageDigest digest = sha256();
        channel.position(0);
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        while (channel.read(chunk) >= 0) {
            digest.update(chunk.flip());
            chunk.clear();
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }
}
