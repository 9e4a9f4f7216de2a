// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/// Rewrites the bytes of an observation: other order, repetitions, unknown fields, wrong types, odd numbers, damage.
final class WireDamage {
    private static final Set<Integer> MESSAGES = Set.of(23, 25, 26, 27, 28, 29, 30);
    private static final Set<Integer> MESSAGES_OF_ARM = Set.of(2, 3, 9, 16);

    /// One field as it was written; `inner` is what a length stands before.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Field(int tag, byte[] inner) {
        int number() {
            return WireFormat.getTagFieldNumber(tag);
        }

        int type() {
            return WireFormat.getTagWireType(tag);
        }
    }

    private final SplittableRandom random;

    WireDamage(SplittableRandom random) {
        this.random = random;
    }

    /// The same content in another order, which no reader may care about.
    byte[] shuffled(byte[] message) throws IOException {
        List<Field> fields = split(message);
        shuffle(fields);
        return join(fields);
    }

    byte[] rewritten(byte[] message) throws IOException {
        return rewritten(message, MESSAGES, 0);
    }

    /// An earlier change may have damaged the message.
    private byte[] rewrittenOrFlipped(byte[] message, Set<Integer> messages, int depth) {
        try {
            return rewritten(message, messages, depth);
        } catch (IOException e) {
            return flipped(message);
        }
    }

    private byte[] rewritten(byte[] message, Set<Integer> messages, int depth) throws IOException {
        List<Field> fields = split(message);
        for (int changes = 1 + random.nextInt(2); changes > 0 && !fields.isEmpty(); changes--) {
            change(fields, messages, depth);
        }
        return join(fields);
    }

    private void change(List<Field> fields, Set<Integer> messages, int depth) {
        int at = random.nextInt(fields.size());
        Field field = fields.get(at);
        switch (random.nextInt(9)) {
            case 0 -> shuffle(fields);
            case 1 -> fields.add(random.nextInt(fields.size() + 1), field);
            case 2 -> fields.add(random.nextInt(fields.size() + 1), unknown());
            case 3 -> fields.set(at, new Field(field.number() << 3 | random.nextInt(6), field.inner()));
            case 4 -> fields.set(at, odd(field));
            case 5 -> fields.add(at, new Field(field.tag(), flipped(field.inner())));
            case 6 -> fields.remove(at);
            case 7 -> fields.add(new Field(field.tag(), part(field, messages)));
            default -> {
                if (field.type() == WireFormat.WIRETYPE_LENGTH_DELIMITED && messages.contains(field.number())) {
                    Set<Integer> within = depth == 0 && field.number() == 26 ? MESSAGES_OF_ARM : Set.of();
                    fields.set(at, new Field(field.tag(), rewrittenOrFlipped(field.inner(), within, depth + 1)));
                }
            }
        }
    }

    /// Some fields of a message, which a reader has to merge into the one before.
    private byte[] part(Field field, Set<Integer> messages) {
        if (field.type() != WireFormat.WIRETYPE_LENGTH_DELIMITED || !messages.contains(field.number())) {
            return field.inner();
        }
        try {
            List<Field> some = split(field.inner());
            some.removeIf(each -> random.nextBoolean());
            return join(some);
        } catch (IOException e) {
            return field.inner();
        }
    }

    /// A number in more bytes than it needs, or a huge one.
    private Field odd(Field field) {
        if (field.type() != WireFormat.WIRETYPE_VARINT) {
            return field;
        }
        long value = random.nextBoolean() ? random.nextInt(300) : random.nextLong();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = 1 + random.nextInt(11);
        for (int i = 0; i < length; i++) {
            out.write((int) (value & 0x7F) | (i < length - 1 ? 0x80 : 0));
            value >>>= 7;
        }
        return new Field(field.tag(), out.toByteArray());
    }

    /// Also a group, which no version of this schema had.
    private Field unknown() {
        int number = 33 + random.nextInt(random.nextBoolean() ? 4 : 2000);
        return switch (random.nextInt(5)) {
            case 0 -> new Field(number << 3, new byte[] {5});
            case 1 -> new Field(number << 3 | 1, new byte[8]);
            case 2 -> new Field(number << 3 | 2, "unknown".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case 3 -> new Field(number << 3 | 5, new byte[4]);
            default -> {
                ByteArrayOutputStream end = new ByteArrayOutputStream();
                varint(end, number << 3 | WireFormat.WIRETYPE_END_GROUP);
                yield new Field(number << 3 | WireFormat.WIRETYPE_START_GROUP, end.toByteArray());
            }
        };
    }

    byte[] truncated(byte[] bytes) {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
    }

    byte[] flipped(byte[] bytes) {
        if (bytes.length == 0) {
            return bytes;
        }
        byte[] copy = bytes.clone();
        for (int flips = 1 + random.nextInt(2); flips > 0; flips--) {
            copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return copy;
    }

    private void shuffle(List<Field> fields) {
        for (int i = fields.size() - 1; i > 0; i--) {
            Collections.swap(fields, i, random.nextInt(i + 1));
        }
    }

    private static List<Field> split(byte[] message) throws IOException {
        List<Field> fields = new ArrayList<>();
        CodedInputStream in = CodedInputStream.newInstance(message);
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int begin = in.getTotalBytesRead();
            switch (WireFormat.getTagWireType(tag)) {
                case WireFormat.WIRETYPE_LENGTH_DELIMITED -> fields.add(new Field(tag, in.readByteArray()));
                default -> {
                    in.skipField(tag);
                    fields.add(new Field(tag, Arrays.copyOfRange(message, begin, in.getTotalBytesRead())));
                }
            }
        }
        return fields;
    }

    private static byte[] join(List<Field> fields) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Field field : fields) {
            varint(out, field.tag());
            if (field.type() == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
                varint(out, field.inner().length);
            }
            out.writeBytes(field.inner());
        }
        return out.toByteArray();
    }

    private static void varint(ByteArrayOutputStream out, int value) {
        int rest = value;
        while ((rest & ~0x7F) != 0) {
            out.write(rest & 0x7F | 0x80);
            rest >>>= 7;
        }
        out.write(rest);
    }
}
