// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The bytes of what one flush changed in a lane's marks and blocks: one row instead of one per device.
///
/// Version 1: entries of a mark (1) or of blocks (2). Texts are written once and then named by their number.
final class DeviceLog {
    private static final int VERSION = 1;
    private static final int MARK = 1;
    private static final int BLOCKS = 2;

    private final Map<String, Integer> texts = new HashMap<>();
    private byte[] out = new byte[4_096];
    private int size;

    private DeviceLog() {
        put(VERSION);
    }

    static byte[] encode(List<Sender.Spool> spools, List<Sender.Blocks> blocks) {
        DeviceLog log = new DeviceLog();
        spools.forEach(log::mark);
        blocks.forEach(log::blocks);
        return Arrays.copyOf(log.out, log.size);
    }

    private void mark(Sender.Spool spool) {
        MarkKey key = spool.key();
        DeviceMark mark = spool.mark();
        DeviceMark.Accounts accounts = mark.accounts();
        put(MARK);
        text(key.tenant(), true);
        text(key.sender(), false);
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            put((int) (key.epoch() >>> shift));
        }
        number(mark.through());
        number(mark.lastSeq());
        number(accounts.counted());
        number(accounts.late());
        number(accounts.rejected());
        number(accounts.dropped());
        number(accounts.lost());
        number(accounts.duplicates());
        bytes(mark.ranges());
    }

    private void blocks(Sender.Blocks of) {
        DeviceKey key = of.key();
        put(BLOCKS);
        text(key.tenant(), true);
        text(key.workload(), true);
        text(key.rollout(), true);
        text(key.device(), false);
        bytes(of.blocks().encode());
    }

    private void text(String text, boolean isRepeated) {
        Integer known = texts.get(text);
        if (known != null) {
            number(known + 1L);
            return;
        }
        number(0);
        number(isRepeated ? 1 : 0);
        bytes(text.getBytes(StandardCharsets.UTF_8));
        if (isRepeated) {
            texts.put(text, texts.size());
        }
    }

    private void bytes(byte[] bytes) {
        number(bytes.length);
        room(bytes.length);
        System.arraycopy(bytes, 0, out, size, bytes.length);
        size += bytes.length;
    }

    private void number(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            put((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        put((int) rest);
    }

    private void put(int value) {
        room(1);
        out[size++] = (byte) value;
    }

    private void room(int more) {
        if (out.length - size < more) {
            out = Arrays.copyOf(out, Math.max(2 * out.length, Math.addExact(size, more)));
        }
    }

    /// What a part holds is given to the lane, in the place of what it knew.
    static void replay(byte[] part, Lane into) {
        ByteBuffer in = ByteBuffer.wrap(part);
        List<String> texts = new ArrayList<>();
        try {
            int version = in.get();
            if (version != VERSION) {
                throw new IllegalArgumentException(
                        "device log of version " + version + "; this program reads " + VERSION);
            }
            while (in.hasRemaining()) {
                int kind = in.get();
                switch (kind) {
                    case MARK -> mark(in, texts, into);
                    case BLOCKS ->
                        into.restoreLogged(
                                new DeviceKey(text(in, texts), text(in, texts), text(in, texts), text(in, texts)),
                                DeviceBlocks.decode(bytes(in)));
                    default -> throw damaged(in, null);
                }
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException | ArithmeticException e) {
            throw damaged(in, e);
        }
    }

    private static void mark(ByteBuffer in, List<String> texts, Lane into) {
        String tenant = text(in, texts);
        String sender = text(in, texts);
        long epoch = in.getLong();
        long through = number(in);
        long lastSeq = number(in);
        DeviceMark.Accounts accounts =
                new DeviceMark.Accounts(number(in), number(in), number(in), number(in), number(in), number(in));
        into.restoreLogged(
                new MarkKey(tenant, sender, epoch), DeviceMark.restore(through, lastSeq, bytes(in), accounts));
    }

    private static String text(ByteBuffer in, List<String> texts) {
        long known = number(in);
        if (known > 0) {
            return texts.get(Math.toIntExact(known - 1));
        }
        boolean isRepeated = number(in) == 1;
        String text = new String(bytes(in), StandardCharsets.UTF_8);
        if (isRepeated) {
            texts.add(text);
        }
        return text;
    }

    private static byte[] bytes(ByteBuffer in) {
        long length = number(in);
        if (length < 0 || length > in.remaining()) {
            throw damaged(in, null);
        }
        byte[] bytes = new byte[(int) length];
        in.get(bytes);
        return bytes;
    }

    private static long number(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged(in, null);
    }

    private static IllegalArgumentException damaged(ByteBuffer in, @org.jspecify.annotations.Nullable Throwable cause) {
        return new IllegalArgumentException(
                "a part of the device log is damaged at byte " + in.position() + " of " + in.limit(), cause);
    }
}
