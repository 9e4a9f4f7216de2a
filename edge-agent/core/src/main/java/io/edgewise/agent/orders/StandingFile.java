// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.orders;

import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.KeySet;
import io.edgewise.contracts.v1.Lease;
import io.edgewise.contracts.v1.Signed;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.zip.CRC32;

/// The standing on disk.
public final class StandingFile {
    static final String NAME = "orders.bin";
    private static final int FIRST = 0x45574f31;
    private static final int MAGIC = 0x45574f32;
    private static final int LONGEST = 1 << 20;
    /// A year; no lease is as long.
    private static final long LONGEST_MS = 366L * 86_400_000;

    private final Path folder;
    private final String bootId;

    /// `bootId` names the machine's present run, where the operating system tells; empty otherwise.
    public StandingFile(Path folder, String bootId) {
        this.folder = folder;
        this.bootId = bootId;
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

    /// The same without setting anything aside: a look before the agent is open.
    public Standing peek(Moment now) throws IOException {
        Path file = folder.resolve(NAME);
        try {
            return Files.exists(file) ? parse(Files.readAllBytes(file), now) : Standing.NONE;
        } catch (Damage e) {
            return Standing.NONE;
        }
    }

    /// With what is left of the lease now: a monotonic clock does not survive a boot.
    public void save(Standing standing, Moment now) throws IOException {
        DurableFile.write(folder.resolve(NAME), format(standing, now));
    }

    byte[] format(Standing standing, Moment now) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeLong(standing.sinceMs());
            write(out, standing.directive().map(Order::signed));
            write(out, standing.before().map(Order::signed));
            write(out, standing.lease().map(Order::signed));
            write(out, standing.keys().map(Order::signed));
            out.writeUTF(bootId);
            out.writeLong(standing.leaseRemainderMs(now));
            out.writeLong(now.nanos());
            out.writeLong(crc(bytes.toByteArray(), bytes.size()));
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Optional<Signed> signed) throws IOException {
        byte[] content = signed.map(Signed::toByteArray).orElse(new byte[0]);
        out.writeInt(content.length);
        out.write(content);
    }

    private Standing parse(byte[] content, Moment now) throws Damage {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            if (content.length < Long.BYTES
                    || ByteBuffer.wrap(content, content.length - Long.BYTES, Long.BYTES)
                                    .getLong()
                            != crc(content, content.length - Long.BYTES)) {
                throw new Damage("the checksum is wrong");
            }
            int magic = in.readInt();
            if (magic != MAGIC && magic != FIRST) {
                throw new Damage("the magic number is wrong");
            }
            long sinceMs = in.readLong();
            Optional<Signed> directive = read(in);
            Optional<Signed> before = read(in);
            Optional<Signed> signedLease = read(in);
            Optional<Order<Lease>> lease = signedLease.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Order<>(
                            signedLease.get(), Lease.parseFrom(signedLease.get().getPayload())));
            Optional<Signed> keys = magic == FIRST ? Optional.empty() : read(in);
            long remainderMs = magic == FIRST ? Long.MAX_VALUE : remainderMs(in, now);
            long leaseEnd = lease.map(order -> Math.min(
                            OrdersState.leaseEnd(order.content(), now) - now.nanos(),
                            Math.min(remainderMs, LONGEST_MS) * 1_000_000))
                    .map(left -> now.nanos() + left)
                    .orElse(0L);
            return new Standing(
                    directive(directive),
                    directive(before),
                    lease,
                    sinceMs,
                    leaseEnd,
                    keys.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new Order<>(
                                    keys.get(), KeySet.parseFrom(keys.get().getPayload()))));
        } catch (IOException e) {
            throw new Damage(e.toString());
        }
    }

    /// What was left when it was written; in the same run of the machine, less what has passed since.
    private long remainderMs(DataInputStream in, Moment now) throws IOException {
        String boot = in.readUTF();
        long remainder = in.readLong();
        long nanos = in.readLong();
        boolean isSameRun = !boot.isEmpty() && boot.equals(bootId);
        return isSameRun ? remainder - Math.max(0, now.nanos() - nanos) / 1_000_000 : remainder;
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
