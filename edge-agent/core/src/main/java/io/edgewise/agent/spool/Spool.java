// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Durable store and forward: what was appended survives `kill -9` and power loss, with a dense sequence per lane from
/// 1 in each spool epoch. One writer gathers appends into commits; callers hand over bytes and never wait.
///
/// A damaged file is set aside and a new one with a new epoch takes its place.
public final class Spool implements AutoCloseable {
    private static final String FILE = "spool.db";
    private static final int MOST_WAITING = 20_000;
    private static final int MOST_IN_GROUP = 512;
    private static final int LEFTOVERS_IDLE_SECONDS = 1;

    private sealed interface Command {}

    private record Append(Lane lane, Weight weight, byte[] body, CompletableFuture<Long> seq) implements Command {}

    private record Read(Lane lane, long epoch, long after, int limit, CompletableFuture<Page> page)
            implements Command {}

    private record Acknowledge(Lane lane, long epoch, long through, long count) implements Command {}

    private record Stop() implements Command {}

    private final Path folder;
    private final Map<Lane, LaneFormat> formats;
    private final Bounds bounds;
    private final LongSupplier random;
    private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final List<Read> parked = new ArrayList<>();
    private final Thread writer;

    private volatile Map<Lane, LaneBook> books = Map.of();
    private volatile Optional<Path> setAside = Optional.empty();
    private volatile boolean closed;
    private @Nullable SpoolFile file;

    private Spool(Path folder, Map<Lane, LaneFormat> formats, Bounds bounds, LongSupplier random) {
        this.folder = folder;
        this.formats = Map.copyOf(formats);
        this.bounds = bounds;
        this.random = random;
        this.writer = Thread.ofPlatform().daemon().name("edgewise-spool").unstarted(this::run);
    }

    /// Opens the spool of a folder, which belongs to this process alone.
    public static Spool open(Path folder, Map<Lane, LaneFormat> formats, Bounds bounds, LongSupplier random)
            throws SpoolFailure {
        Spool spool = new Spool(folder, formats, bounds, random);
        try {
            Files.createDirectories(folder);
            spool.openFile();
        } catch (IOException | SQLException e) {
            throw new SpoolFailure("cannot open the spool in " + folder + ": " + e.getMessage(), e);
        }
        spool.writer.start();
        return spool;
    }

    public long epoch() {
        return book(Lane.OBSERVATIONS).epoch();
    }

    public LaneCounts counts(Lane lane) {
        return book(lane).counts();
    }

    /// Whether nothing waits to be written or acknowledged.
    public boolean isIdle() {
        return waiting.get() == 0
                && books.values().stream().allMatch(book -> book.counts().pending() == 0);
    }

    /// Where the last damaged file was put.
    public Optional<Path> setAside() {
        return setAside;
    }

    /// Hands a record over. The future completes with its sequence when the record is durable.
    public CompletableFuture<Long> append(Lane lane, Weight weight, byte[] body) {
        if (closed) {
            return CompletableFuture.failedFuture(new SpoolFailure("the spool in " + folder + " is closed"));
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return CompletableFuture.failedFuture(new SpoolFailure(
                    "the disk of " + folder + " does not keep up: " + MOST_WAITING + " records wait to be written"));
        }
        CompletableFuture<Long> seq = new CompletableFuture<>();
        commands.add(new Append(lane, weight, body, seq));
        return seq;
    }

    /// The next records beyond a sequence of an epoch, as soon as there are any; from the first one when the spool is
    /// in another epoch by now. What was read is never shed.
    public CompletableFuture<Page> read(Lane lane, long epoch, long after, int limit) {
        CompletableFuture<Page> page = new CompletableFuture<>();
        if (closed) {
            page.completeExceptionally(new SpoolFailure("the spool in " + folder + " is closed"));
        } else {
            commands.add(new Read(lane, epoch, after, limit, page));
        }
        return page;
    }

    /// All records up to this sequence are safe elsewhere; `count` says how many were sent since the last time.
    public void acknowledge(Lane lane, long epoch, long through, long count) {
        commands.add(new Acknowledge(lane, epoch, through, count));
    }

    /// Writes what waits, then closes the file.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        commands.add(new Stop());
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private LaneBook book(Lane lane) {
        LaneBook book = books.get(lane);
        if (book == null) {
            throw new IllegalStateException("lane " + lane + " is not open");
        }
        return book;
    }

    private void openFile() throws SQLException, IOException, SpoolFailure {
        try {
            load();
        } catch (SQLException e) {
            if (SpoolFile.isHeld(e)) {
                throw new SpoolFailure(
                        "the spool in " + folder + " is in use by another agent; each needs a folder of its own", e);
            }
            if (!SpoolFile.isDamage(e)) {
                throw e;
            }
            moveAside();
            load();
        }
    }

    private void load() throws SQLException {
        long fresh = random.getAsLong();
        SpoolFile opened = SpoolFile.open(folder.resolve(FILE), fresh == 0 ? 1 : fresh);
        try {
            long epoch = opened.epoch();
            Map<Lane, LaneBook> loaded = new EnumMap<>(Lane.class);
            for (Map.Entry<Lane, LaneFormat> entry : formats.entrySet()) {
                Lane lane = entry.getKey();
                loaded.put(lane, new LaneBook(lane, entry.getValue(), bounds, epoch, opened.state(lane)));
            }
            books = Map.copyOf(loaded);
            file = opened;
        } catch (SQLException e) {
            opened.close();
            throw e;
        }
    }

    private void moveAside() throws IOException {
        Path to = folder.resolve("damaged-" + Long.toHexString(random.getAsLong()));
        Files.createDirectory(to);
        for (String name : List.of(FILE, FILE + "-wal", FILE + "-shm")) {
            if (Files.exists(folder.resolve(name))) {
                Files.move(folder.resolve(name), to.resolve(name));
            }
        }
        setAside = Optional.of(to);
    }

    private void run() {
        boolean open = true;
        while (open) {
            try {
                Command first = commands.poll(LEFTOVERS_IDLE_SECONDS, TimeUnit.SECONDS);
                open = first == null ? tidy() : handle(first);
            } catch (InterruptedException e) {
                open = false;
            }
        }
        finish();
    }

    private boolean handle(Command command) throws InterruptedException {
        switch (command) {
            case Append append -> {
                return group(append);
            }
            case Read read -> read(read);
            case Acknowledge acknowledge -> acknowledge(acknowledge);
            case Stop() -> {
                return false;
            }
        }
        return true;
    }

    /// Gathers appends for a moment, then writes them in one commit. Other commands met meanwhile come after it.
    private boolean group(Append first) throws InterruptedException {
        List<Append> group = new ArrayList<>();
        List<Command> rest = new ArrayList<>();
        group.add(first);
        long wait = bounds.group().toMillis();
        Command next = commands.poll(wait, TimeUnit.MILLISECONDS);
        while (next != null && group.size() < MOST_IN_GROUP && !(next instanceof Stop)) {
            if (next instanceof Append append) {
                group.add(append);
            } else {
                rest.add(next);
            }
            next = commands.poll();
        }
        if (next instanceof Append append) {
            group.add(append);
        } else if (next != null) {
            rest.add(next);
        }
        write(group);
        boolean open = true;
        for (Command command : rest) {
            open &= handle(command);
        }
        return open;
    }

    private void write(List<Append> group) {
        try {
            commit(group);
        } catch (SQLException e) {
            if (!SpoolFile.isDamage(e) || !replaceFile() || !commitAgain(group, e)) {
                undo(e);
                SpoolFailure failure =
                        new SpoolFailure("cannot write to the spool in " + folder + ": " + e.getMessage(), e);
                group.forEach(append -> append.seq().completeExceptionally(failure));
            }
        } finally {
            waiting.addAndGet(-group.size());
        }
        List<Read> retry = List.copyOf(parked);
        parked.clear();
        retry.forEach(this::read);
    }

    private boolean commitAgain(List<Append> group, SQLException cause) {
        try {
            commit(group);
            return true;
        } catch (SQLException e) {
            cause.addSuppressed(e);
            return false;
        }
    }

    private void commit(List<Append> group) throws SQLException {
        SpoolFile target = file();
        long[] seqs = new long[group.size()];
        for (int i = 0; i < seqs.length; i++) {
            Append append = group.get(i);
            seqs[i] = book(append.lane()).append(target, append.weight(), append.body());
        }
        for (LaneBook book : books.values()) {
            if (book.hasLeftovers()) {
                book.trim(target);
            }
        }
        target.commit();
        books.values().forEach(LaneBook::publish);
        for (int i = 0; i < seqs.length; i++) {
            group.get(i).seq().complete(seqs[i]);
        }
    }

    private void undo(SQLException cause) {
        try {
            file().rollback();
            for (LaneBook book : books.values()) {
                book.reload(file());
            }
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private boolean replaceFile() {
        try {
            file().close();
            moveAside();
            load();
            return true;
        } catch (SQLException | IOException e) {
            return false;
        }
    }

    private void read(Read read) {
        LaneBook book = book(read.lane());
        try {
            long after = read.epoch() == book.epoch() ? read.after() : 0;
            List<Page.Stored> records = book.read(file(), after, read.limit());
            if (records.isEmpty()) {
                parked.add(read);
            } else {
                read.page().complete(new Page(book.epoch(), records));
            }
        } catch (SQLException e) {
            if (SpoolFile.isDamage(e) && replaceFile()) {
                parked.add(read);
            } else {
                read.page()
                        .completeExceptionally(
                                new SpoolFailure("cannot read the spool in " + folder + ": " + e.getMessage(), e));
            }
        }
    }

    private void acknowledge(Acknowledge acknowledge) {
        LaneBook book = book(acknowledge.lane());
        if (book.epoch() == acknowledge.epoch()) {
            book.acknowledge(acknowledge.through(), acknowledge.count());
            book.publish();
        }
    }

    /// Deletes what was acknowledged when no append came by to do it.
    private boolean tidy() {
        if (books.values().stream().anyMatch(LaneBook::hasLeftovers)) {
            write(List.of());
        }
        return true;
    }

    private void finish() {
        closed = true;
        List<Append> last = new ArrayList<>();
        Command next = commands.poll();
        while (next != null) {
            switch (next) {
                case Append append -> last.add(append);
                case Acknowledge acknowledge -> acknowledge(acknowledge);
                case Read read ->
                    read.page().completeExceptionally(new SpoolFailure("the spool in " + folder + " is closed"));
                case Stop() -> {}
            }
            next = commands.poll();
        }
        write(last);
        parked.forEach(
                read -> read.page().completeExceptionally(new SpoolFailure("the spool in " + folder + " is closed")));
        try {
            file().close();
        } catch (SQLException e) {
            setAside = Optional.of(folder.resolve(FILE));
        }
    }

    private SpoolFile file() throws SQLException {
        SpoolFile current = file;
        if (current == null) {
            throw new SQLException("the spool's file is not open");
        }
        return current;
    }
}
