// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import io.edgewise.contracts.Stratum;
import io.edgewise.contracts.tally.Measures;
import io.edgewise.contracts.v1.Cohort;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// What is remembered of one device in one rollout: the strata it was seen in, and for every guardrail its
/// one block.
///
/// A block is the device's first observations for that guardrail, at most {@link Measures#BLOCK_SIZE}, or
/// what it gave within an hour of append time. The stratum of the first one is the block's; an observation
/// of another stratum closes it early. A closed block stays closed: a device counts once per rollout and
/// guardrail.
public final class DeviceBlocks {
    static final long LONGEST_MS = 3_600_000;

    private static final int VERSION = 1;
    private static final int MOST_STRATA = 256;
    private static final int STRATUM_BYTES = 5;
    private static final int OPEN_BYTES = 1 + STRATUM_BYTES + 1 + 2 + 8;

    /// Told of every block that closes.
    interface Closing {
        void closed(Stratum stratum, BlockKind kind, int n, int k);
    }

    private sealed interface Block permits NotBegun, Open, Closed {}

    private record NotBegun() implements Block {}

    private record Open(Stratum stratum, int n, int k, long sinceMs) implements Block {}

    private record Closed() implements Block {}

    private static final Block NOT_BEGUN = new NotBegun();
    private static final Block CLOSED = new Closed();

    private static final int[] NOWHERE = {};
    private static final int NOT_SEEN = -1;

    /// Strata, each as one number: there is one of these objects for every device and rollout that it met.
    private int[] seen = NOWHERE;
    private int lastSeen = NOT_SEEN;
    private int closed;
    private final Block[] blocks = new Block[BlockKind.all().length];
    private boolean dirty;

    DeviceBlocks() {
        Arrays.fill(blocks, NOT_BEGUN);
    }

    /// Whether this is the device's first observation in the stratum.
    boolean firstIn(Stratum stratum) {
        int number =
                number(stratum.stage(), stratum.cohort().getNumber(), stratum.pairingRateBp(), stratum.escalated());
        if (number == lastSeen) {
            return false;
        }
        lastSeen = number;
        for (int each : seen) {
            if (each == number) {
                return false;
            }
        }
        if (seen.length == MOST_STRATA) {
            return false;
        }
        seen = Arrays.copyOf(seen, seen.length + 1);
        seen[seen.length - 1] = number;
        return true;
    }

    private static int number(int stage, int cohort, int pairingRateBp, boolean escalated) {
        return (stage & 0xFF) << 21 | (cohort & 0xF) << 17 | (pairingRateBp & 0xFFFF) << 1 | (escalated ? 1 : 0);
    }

    /// Whether no observation would change anything any more.
    boolean isOver() {
        return closed == blocks.length;
    }

    /// Adds an observation to the guardrail's block. True when this opened the block.
    boolean step(BlockKind kind, int value, Stratum stratum, long appendMs, Closing closing) {
        int at = kind.place();
        switch (blocks[at]) {
            case Closed closed -> {
                return false;
            }
            case NotBegun notBegun -> {
                blocks[at] = new Open(stratum, 1, value, appendMs);
                return true;
            }
            case Open open -> {
                if (open.stratum().equals(stratum)) {
                    Open grown = new Open(stratum, open.n() + 1, open.k() + value, open.sinceMs());
                    blocks[at] = grown;
                    if (grown.n() == Measures.BLOCK_SIZE) {
                        close(kind, grown, closing);
                    }
                } else {
                    close(kind, open, closing);
                }
                return false;
            }
        }
    }

    /// Whether an observation for this guardrail would still change anything.
    boolean isOver(BlockKind kind) {
        return blocks[kind.place()] instanceof Closed;
    }

    /// Closes the block if it has been open for an hour.
    boolean expire(BlockKind kind, long appendMs, Closing closing) {
        if (blocks[kind.place()] instanceof Open open && open.sinceMs() + LONGEST_MS <= appendMs) {
            close(kind, open, closing);
            return true;
        }
        return false;
    }

    /// When the open block of this guardrail was begun; {@link Long#MAX_VALUE} when there is none.
    long openSince(BlockKind kind) {
        return blocks[kind.place()] instanceof Open open ? open.sinceMs() : Long.MAX_VALUE;
    }

    private void close(BlockKind kind, Open open, Closing closing) {
        blocks[kind.place()] = CLOSED;
        closed++;
        closing.closed(open.stratum(), kind, open.n(), open.k());
    }

    boolean isDirty() {
        return dirty;
    }

    void dirty(boolean isDirty) {
        dirty = isDirty;
    }

    /// To be stored.
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(4 + STRATUM_BYTES * seen.length + blocks.length * OPEN_BYTES);
        out.put((byte) VERSION);
        out.putShort((short) seen.length);
        for (int number : seen) {
            write(number, out);
        }
        out.put((byte) blocks.length);
        for (Block block : blocks) {
            switch (block) {
                case NotBegun notBegun -> out.put((byte) 0);
                case Open open -> {
                    out.put((byte) 1);
                    write(open.stratum(), out);
                    out.put((byte) open.n());
                    out.putShort((short) open.k());
                    out.putLong(open.sinceMs());
                }
                case Closed over -> out.put((byte) 2);
            }
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /// As it was stored; guardrails that are newer than the bytes have not begun.
    public static DeviceBlocks decode(byte[] bytes) {
        DeviceBlocks device = new DeviceBlocks();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int version = in.readByte();
            if (version != VERSION) {
                throw new IllegalArgumentException(
                        "device blocks of version " + version + "; this program reads " + VERSION);
            }
            int strata = in.readUnsignedShort();
            device.seen = strata == 0 ? NOWHERE : new int[strata];
            for (int i = 0; i < strata; i++) {
                Stratum each = stratum(in);
                device.seen[i] =
                        number(each.stage(), each.cohort().getNumber(), each.pairingRateBp(), each.escalated());
            }
            int stored = in.readUnsignedByte();
            if (stored > device.blocks.length) {
                throw new IllegalArgumentException("device blocks of " + stored + " guardrails; this program knows "
                        + device.blocks.length + ": were they written by a newer one?");
            }
            for (int i = 0; i < stored; i++) {
                device.blocks[i] = switch (in.readByte()) {
                    case 0 -> NOT_BEGUN;
                    case 1 -> new Open(stratum(in), in.readUnsignedByte(), in.readShort(), in.readLong());
                    default -> CLOSED;
                };
                device.closed += device.blocks[i] instanceof Closed ? 1 : 0;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("stored device blocks are damaged: " + bytes.length + " bytes", e);
        }
        return device;
    }

    private static void write(Stratum stratum, ByteBuffer out) {
        out.put((byte) stratum.stage());
        out.put((byte) stratum.cohort().getNumber());
        out.putShort((short) stratum.pairingRateBp());
        out.put((byte) (stratum.escalated() ? 1 : 0));
    }

    private static void write(int number, ByteBuffer out) {
        out.put((byte) (number >>> 21));
        out.put((byte) (number >>> 17 & 0xF));
        out.putShort((short) (number >>> 1));
        out.put((byte) (number & 1));
    }

    private static Stratum stratum(DataInputStream in) throws IOException {
        int stage = in.readUnsignedByte();
        Cohort cohort = Cohort.forNumber(in.readByte());
        if (cohort == null) {
            throw new IOException("unknown cohort");
        }
        return new Stratum(stage, cohort, in.readUnsignedShort(), in.readBoolean(), Stratum.ALL);
    }
}
