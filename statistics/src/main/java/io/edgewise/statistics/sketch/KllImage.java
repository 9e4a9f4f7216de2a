// SPDX-License-Identifier: Apache-2.0
package io.edgewise.statistics.sketch;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.datasketches.kll.KllDoublesSketch;

/// Checks the bytes of a KLL sketch of doubles before the library trusts them: sizes, order, range, and
/// that the weights of what is retained add up to n. The layout is the library's compact one, serial
/// versions 1 and 2.
final class KllImage {
    private static final int FAMILY = 15;
    private static final int EMPTY = 1;
    private static final int SORTED = 2;
    private static final int SINGLE = 4;
    private static final int PREAMBLE = 20;
    private static final int MOST_LEVELS = 61;
    private static final int LEAST_ROOM = 8;
    private static final int DEEP = 30;

    private final Decoder decoder;
    private final ByteBuffer image;

    private KllImage(Decoder decoder, byte[] bytes) {
        this.decoder = decoder;
        this.image = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static KllDoublesSketch read(Decoder decoder, byte[] bytes) {
        new KllImage(decoder, bytes).check();
        try {
            KllDoublesSketch sketch = KllDoublesSketch.heapify(MemorySegment.ofArray(bytes));
            if (!Arrays.equals(bytes, bytes(sketch))) {
                throw decoder.fault("the KLL sketch is not written in its one form");
            }
            return sketch;
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException e) { // the library has several, none of them IllegalArgumentException
            throw new IllegalArgumentException(
                    decoder.fault("no KLL sketch of DataSketches").getMessage(), e);
        }
    }

    /// The one form: the lowest level sorted.
    static byte[] bytes(KllDoublesSketch sketch) {
        if (!sketch.isEmpty()) {
            sketch.getSortedView();
        }
        return sketch.toByteArray();
    }

    private void check() {
        require(image.capacity() >= 8, "a KLL sketch has at least 8 bytes");
        int k = image.getShort(4) & 0xffff;
        require(image.get(2) == FAMILY && image.get(6) == LEAST_ROOM && image.get(7) == 0, "no KLL sketch");
        require(k >= Distribution.SMALLEST_K && k <= Distribution.LARGEST_K, "k " + k + " is out of range");
        int flags = image.get(3);
        if ((flags & EMPTY) != 0) {
            requireForm(2, 1);
            require(image.capacity() == 8, "bytes behind an empty KLL sketch");
        } else if ((flags & SINGLE) != 0) {
            requireForm(2, 2);
            require(image.capacity() == 16, "a KLL sketch of one value has 16 bytes");
            require(!Double.isNaN(image.getDouble(8)), "a KLL sketch holds no NaN");
        } else {
            requireForm(5, 1);
            require((flags & SORTED) != 0, "the lowest level of the KLL sketch is not sorted");
            checkFull(k);
        }
    }

    /// From these two bytes, not from the flags, the library takes what follows.
    private void requireForm(int preambleInts, int serialVersion) {
        require(
                image.get(0) == preambleInts && image.get(1) == serialVersion,
                "a KLL sketch of form " + image.get(0) + ", " + image.get(1));
    }

    private void checkFull(int k) {
        require(image.capacity() >= PREAMBLE, "a KLL sketch ends in its preamble");
        int levels = image.get(18);
        require((image.getShort(16) & 0xffff) == k, "k changed in a merge");
        require(levels >= 1 && levels <= MOST_LEVELS, levels + " levels of a KLL sketch");
        int data = PREAMBLE + Integer.BYTES * levels;
        int items = (image.capacity() - data) / Double.BYTES - 2;
        require(items >= 1 && (image.capacity() - data) % Double.BYTES == 0, "a KLL sketch of odd length");
        long end = (long) image.getInt(PREAMBLE) + items;
        require(end == capacity(k, levels), "the levels of a KLL sketch end at " + end);
        double least = image.getDouble(data);
        double largest = image.getDouble(data + Double.BYTES);
        long weighed = 0;
        for (int level = 0; level < levels; level++) {
            long from = image.getInt(PREAMBLE + Integer.BYTES * level);
            long to = level + 1 == levels ? end : image.getInt(PREAMBLE + Integer.BYTES * (level + 1));
            require(from >= 0 && from <= to && to <= end, "level " + level + " from " + from + " to " + to);
            checkLevel(data + Double.BYTES * (2 + (int) (from - end) + items), (int) (to - from), least, largest);
            require(to - from <= Long.MAX_VALUE - weighed >> level, "a KLL sketch of more than 2^63 values");
            weighed += to - from << level;
        }
        require(weighed == image.getLong(8) && weighed > 1, "the weights of a KLL sketch are " + weighed);
    }

    /// Room of all levels: k · (2/3)^depth in each, rounded as the library does, never below 8. It is not
    /// told in the bytes, and the library takes memory for it before it looks.
    private static long capacity(int k, int levels) {
        long capacity = 0;
        for (int depth = 0; depth < levels; depth++) {
            int half = depth <= DEEP ? 0 : depth / 2;
            capacity += Math.max(LEAST_ROOM, thirds(thirds(k, half), depth - half));
        }
        return capacity;
    }

    private static long thirds(long k, int depth) {
        long power = 1;
        for (int i = 0; i < depth; i++) {
            power *= 3;
        }
        return ((2 * k << depth) / power + 1) / 2;
    }

    private void checkLevel(int at, int items, double least, double largest) {
        double before = least;
        for (int i = 0; i < items; i++) {
            double item = image.getDouble(at + Double.BYTES * i);
            if (!(before <= item && item <= largest)) {
                throw decoder.fault("value " + item + " of a KLL sketch is out of order");
            }
            before = item;
        }
    }

    private void require(boolean right, String otherwise) {
        if (!right) {
            throw decoder.fault(otherwise);
        }
    }
}
