// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.table;

import dev.hardwood.HardwoodContext;
import dev.hardwood.InputFile;
import dev.hardwood.metadata.LogicalType;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ColumnReaders;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.Validity;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.ColumnSchema;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The rows of a Parquet file. Columns of numbers, texts and booleans are read, each value as text would have it, so
/// that
/// a table is the same in every format; nested columns and other types are left out. A batch of rows is in memory.
public final class ParquetRows extends Rows {
    private static final int THREADS = 2;
    private static final int BATCH = 8_192;
    private static final double LEAST_PLAIN = 1e-4;
    private static final double LARGEST_PLAIN = 1e16;

    private final HardwoodContext threads;
    private final ParquetFileReader reader;
    private final ColumnReaders readers;
    private final List<String> columns;
    private final List<Batch> batches = new ArrayList<>();
    private final long mostRows;
    private int inBatch;
    private int at;

    /// @param mostRows to read; the first so many are a sample
    public ParquetRows(String file, InputFile from, long mostRows) {
        super(file, InputStream.nullInputStream());
        this.mostRows = mostRows;
        this.line = NO_LINES;
        HardwoodContext context = HardwoodContext.create(THREADS);
        try {
            this.reader = ParquetFileReader.open(from, context);
        } catch (IOException | RuntimeException e) {
            context.close();
            throw new BadInput(
                    file + " begins as Parquet but cannot be read as such (" + e.getMessage()
                            + "); it may have been cut off: fetch or write it again.",
                    e);
        }
        this.threads = context;
        List<ColumnSchema> read = reader.getFileSchema().getColumns().stream()
                .filter(ParquetRows::isRead)
                .toList();
        if (read.isEmpty()) {
            close(null);
            throw new BadInput(file + " has no column of numbers, texts or booleans that is not nested.");
        }
        this.columns = read.stream().map(ColumnSchema::name).toList();
        this.readers = reader.buildColumnReaders(ColumnProjection.columns(columns.toArray(String[]::new)))
                .batchSize(BATCH)
                .build();
        for (ColumnSchema column : read) {
            batches.add(new Batch(column));
        }
        starts = new int[columns.size()];
        ends = new int[columns.size()];
    }

    private static boolean isRead(ColumnSchema column) {
        return column.fieldPath().elements().size() == 1
                && column.maxRepetitionLevel() == 0
                && switch (column.type()) {
                    case BOOLEAN, INT32, INT64, FLOAT, DOUBLE, BYTE_ARRAY -> true;
                    case FIXED_LEN_BYTE_ARRAY -> column.logicalType() instanceof LogicalType.DecimalType;
                    case INT96 -> false;
                };
    }

    /// One column of the present batch.
    private static final class Batch {
        private final PhysicalType type;
        private final boolean isUnsigned;
        private final int scale;
        private Validity validity = Validity.NO_NULLS;
        private int[] ints = new int[0];
        private long[] longs = new long[0];
        private float[] floats = new float[0];
        private double[] doubles = new double[0];
        private boolean[] booleans = new boolean[0];
        private byte[] bytes = new byte[0];
        private int[] offsets = new int[0];

        Batch(ColumnSchema column) {
            type = column.type();
            isUnsigned = column.logicalType() instanceof LogicalType.IntType whole && !whole.isSigned();
            scale = column.logicalType() instanceof LogicalType.DecimalType decimal ? decimal.scale() : -1;
        }

        void take(ColumnReader from) {
            validity = from.getLeafValidity();
            switch (type) {
                case BOOLEAN -> booleans = from.getBooleans();
                case INT32 -> ints = from.getInts();
                case INT64 -> longs = from.getLongs();
                case FLOAT -> floats = from.getFloats();
                case DOUBLE -> doubles = from.getDoubles();
                case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> {
                    bytes = from.getBinaryValues();
                    offsets = from.getBinaryOffsets();
                }
                case INT96 -> throw new IllegalStateException("no such column is read");
            }
        }

        boolean isText() {
            return scale < 0 && type == PhysicalType.BYTE_ARRAY;
        }

        /// Whether the double that its text names is at hand: of a float it is another than the float's own.
        boolean isNumber() {
            return switch (type) {
                case DOUBLE -> true;
                case INT32, INT64 -> scale <= 0 && !isUnsigned;
                default -> false;
            };
        }

        double number(int row) {
            return switch (type) {
                case DOUBLE -> doubles[row];
                case INT32 -> ints[row];
                case INT64 -> longs[row];
                default -> throw new IllegalStateException("no number of its own");
            };
        }

        String text(int row) {
            return switch (type) {
                case BOOLEAN -> String.valueOf(booleans[row]);
                case INT32 -> whole(isUnsigned ? Integer.toUnsignedLong(ints[row]) : ints[row]);
                case INT64 -> isUnsigned ? Long.toUnsignedString(longs[row]) : whole(longs[row]);
                case FLOAT -> String.valueOf(floats[row]);
                case DOUBLE -> plain(doubles[row]);
                case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY ->
                    new BigDecimal(new BigInteger(bytes, offsets[row], offsets[row + 1] - offsets[row]), scale)
                            .toPlainString();
                case INT96 -> throw new IllegalStateException("no such column is read");
            };
        }

        /// As it stands in a CSV file: without an exponent where it is short.
        private static String plain(double value) {
            double size = Math.abs(value);
            if (!(size >= LEAST_PLAIN && size < LARGEST_PLAIN)) {
                return String.valueOf(value);
            }
            String text = BigDecimal.valueOf(value).toPlainString();
            return text.indexOf('.') < 0 ? text + ".0" : text;
        }

        private String whole(long value) {
            return scale <= 0
                    ? String.valueOf(value)
                    : BigDecimal.valueOf(value, scale).toPlainString();
        }
    }

    @Override
    public List<String> columns() {
        return columns;
    }

    @Override
    String hint() {
        return " (columns that are nested, or neither numbers nor texts nor booleans, are left out)";
    }

    @Override
    public boolean next() {
        if (row == mostRows || at == inBatch && !nextBatch()) {
            return false;
        }
        row++;
        limit = 0;
        for (int column = 0; column < starts.length; column++) {
            put(column, batches.get(column));
        }
        at++;
        return true;
    }

    private boolean nextBatch() {
        try {
            if (!readers.nextBatch()) {
                return false;
            }
            inBatch = readers.getRecordCount();
            at = 0;
            for (int column = 0; column < starts.length; column++) {
                batches.get(column).take(readers.getColumnReader(column));
            }
            return true;
        } catch (RuntimeException e) {
            throw new BadInput(
                    String.format(
                            Locale.ROOT,
                            "%s, row %,d is the last that can be read: the data behind it are damaged, cut off or"
                                    + " compressed in a way that is not read (%s). Write the file again, with Snappy,"
                                    + " Zstandard, GZIP or LZ4.",
                            file(),
                            row,
                            e.getMessage()),
                    e);
        }
    }

    private void put(int column, Batch batch) {
        if (batch.validity.isNull(at)) {
            starts[column] = MISSING;
            return;
        }
        if (batch.isText()) {
            int from = batch.offsets[at];
            int length = batch.offsets[at + 1] - from;
            room(length);
            System.arraycopy(batch.bytes, from, buffer, limit, length);
            starts[column] = limit;
            limit += length;
            ends[column] = limit;
        } else if (batch.isNumber()) {
            starts[column] = NUMBER;
        } else {
            write(column, batch.text(at));
        }
    }

    private void write(int column, String value) {
        byte[] text = value.getBytes(StandardCharsets.ISO_8859_1);
        room(text.length);
        System.arraycopy(text, 0, buffer, limit, text.length);
        starts[column] = limit;
        limit += text.length;
        ends[column] = limit;
    }

    @Override
    double own(int column) {
        return batches.get(column).number(at - 1);
    }

    @Override
    int write(int column) {
        write(column, batches.get(column).text(at - 1));
        return starts[column];
    }

    private void room(int bytes) {
        if (limit + bytes > LONGEST_ROW) {
            throw new BadInput(where() + " is longer than 16 MiB; leave the column of long texts out.");
        }
        if (limit + bytes > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.min(LONGEST_ROW, 2 * (limit + bytes)));
        }
    }

    @Override
    public void close() {
        close(readers);
    }

    private void close(@Nullable ColumnReaders open) {
        if (open != null) {
            open.close();
        }
        try {
            reader.close();
        } catch (IOException e) {
            throw new BadInput(file() + " cannot be closed: " + e.getMessage(), e);
        } finally {
            threads.close();
        }
    }
}
