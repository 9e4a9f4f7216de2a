// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.orders;

import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Lease;
import io.edgewise.contracts.v1.Signed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32;

/// The standing on disk. Written whole, synced, then moved into place: a crash leaves the old one or the new one.
public final class StandingFile {
    private static final int MAGIC = 0x45574f31;
    private static final String NAME = "orders.bin";
    private static final int LONGEST = 1 << 20;

    private final Path folder;

    public StandingFile(Path folder) {
        this.folder = folder;
    }

    /// What was read. A damaged file is set aside and named, and the device starts without orders.
    public record Loaded(Standing standing, Optional<Path> damaged) {}

    public Loaded load(Moment now) throws IOException {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return new Loaded(Standing.NONE, Optional.empty());
        }
        try {
            return new Loaded(parse(Files.readAllBytes(file), now), Optional.empty());
        } catch (Damage e) {
            Path aside = folder.resolve("damaged-" + NAME);
            Files.move(file, aside, StandardCopyOption.REPLACE_EXISTING);
            return new Loaded(Standing.NONE, Optional.of(aside));
        }
    }

    public void save(Standing standing) throws IOException {
        Path fresh = folder.resolve(NAME + ".new");
        try (FileChannel channel = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(format(standing));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, folder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
            directory.force(true);
        } catch (AccessDeniedException e) {
            // Windows opens no directories; its file system journals the move.
            return;
        }
    }

    private static byte[] format(Standing standing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeLong(standing.sinceMs());
            write(out, standing.directive().map(Order::signed));
            write(out, standing.before().map(Order::signed));
            write(out, standing.lease().map(Order::signed));
            out.writeLong(crc(bytes.toByteArray(), bytes.size()));
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Optional<Signed> signed) throws IOException {
        byte[] content = signed.map(Signed::toByteArray).orElse(new byte[0]);
        out.writeInt(content.length);
        out.write(content);
    }

    private static Standing parse(byte[] content, Moment now) throws Damage {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            if (content.length < Long.BYTES
                    || ByteBuffer.wrap(content, content.length - Long.BYTES, Long.BYTES)
                                    .getLong()
                            != crc(content, content.length - Long.BYTES)
                    || in.readInt() != MAGIC) {
                throw new Damage("checksum or magic number are wrong");
            }
            long sinceMs = in.readLong();
            Optional<Signed> directive = read(in);
            Optional<Signed> before = read(in);
            Optional<Signed> signedLease = read(in);
            Optional<Order<Lease>> lease = signedLease.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Order<>(
                            signedLease.get(), Lease.parseFrom(signedLease.get().getPayload())));
            long leaseEnd = lease.map(order -> OrdersState.leaseEnd(order.content(), now))
                    .orElse(0L);
            return new Standing(directive(directive), directive(before), lease, sinceMs, leaseEnd);
        } catch (IOException e) {
            throw new Damage(e.toString());
        }
    }

    private static Optional<Order<Directive>> directive(Optional<Signed> signed) throws IOException {
        return signed.isEmpty()
                ? Optional.empty()
                : Optional.of(new Order<>(
                        signed.get(), Directive.parseFrom(signed.get().getPayload())));
    }

    private static Optional<Signed> read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > LONGEST) {
            throw new IOException("a length of " + length + " bytes");
        }
        return length == 0 ? Optional.empty() : Optional.of(Signed.parseFrom(in.readNBytes(length)));
    }

    private static long crc(byte[] content, int length) {
        CRC32 crc = new CRC32();
        crc.update(content, 0, length);
        return crc.getValue();
    }

    private static final class Damage extends Exception {
        private static final long serialVersionUID = 1;

        Damage(String message) {
            super(message);
        }
    }
}
