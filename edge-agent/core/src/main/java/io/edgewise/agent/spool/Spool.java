// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.spool;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// Durable store and forward: what was appended survives `kill -9` and power loss, with a dense sequence
/// per lane from 1 in each spool epoch. One writer gathers appends into commits; callers hand over bytes
/// and never wait.
public final class Spool implements AutoCloseable {
    private static final int MOST_WAITING = 20_000;
    private static final long IDLE_MS = 1_000;
    private static final long POLL_MS = 5;

    private sealed interface Command {}

    @SuppressWarnings("ArrayRecordComponent")
    private record Append(Lane lane, Weight weight, byte[] body, boolean hasText, CompletableFuture<Long> seq)
            implements Command {}

    private record Read(Lane lane, long epoch, long after, int limit, CompletableFuture<Page> page)
            implements Command {}

    private record Acknowledge(Lane lane, long epoch, long through, long count) implements Command {}

    private record Stop() implements Command {}

    private final Store store;
    private final Path folder;
    private final Bounds bounds;
    private final LongSupplier nanoTime;
    private final BlockingQueue<Command> commands = new LinkedBlockingQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    /// Reads that found nothing; the writer's own.
    private final List<Read> parked = new ArrayList<>();

    private final Thread writer;
    private volatile boolean closed;

    private Spool(Store store, Path folder, Bounds bounds, LongSupplier nanoTime) {
        this.store = store;
        this.folder = folder;
        this.bounds = bounds;
        this.nanoTime = nanoTime;
        // A platform thread: a sync inside SQLite's native code would pin a carrier that serves requests.
        this.writer = Thread.ofPlatform().daemon().name("edgewise-spool").unstarted(this::run);
    }

    /// Opens the spool of a folder, which belongs to this process alone.
    public static Spool open(Path folder, Map<Lane, LaneFormat> formats, Bounds bounds) throws SpoolFailure {
        return open(folder, formats, bounds, Surroundings.NONE);
    }

    public static Spool open(Path folder, Map<Lane, LaneFormat> formats, Bounds bounds, Surroundings surroundings)
            throws SpoolFailure {
        Store store = new Store(new Store.Place(folder, Map.copyOf(formats), bounds, surroundings));
        try {
            store.open();
        } catch (IOException | SQLException e) {
            throw new SpoolFailure("cannot open the spool in " + folder + ": " + e.getMessage(), e);
        }
        Spool spool = new Spool(store, folder, bounds, surroundings.nanos());
        spool.writer.start();
        return spool;
    }

    public long epoch() {
        return store.book(Lane.OBSERVATIONS).epoch();
    }

    public LaneCounts counts(Lane lane) {
        return store.book(lane).counts();
    }

    /// Whether nothing waits to be written or acknowledged.
    public boolean isIdle() {
        return waiting.get() == 0 && store.isIdle();
    }

    /// Waits until that is so; false when it took longer.
    public boolean awaitIdle(long millis) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long left = millis;
        while (!isIdle()) {
            if (left <= 0 || never.await(Math.min(left, POLL_MS), TimeUnit.MILLISECONDS)) {
                return false;
            }
            left -= POLL_MS;
        }
        return true;
    }

    /// Where the last damaged file was put.
    public Optional<Path> setAside() {
        return store.setAside();
    }

    /// Hands a record over. The future completes with its sequence when the record is durable, and fails
    /// when it cannot be: the spool is closed, the disk does not take it, or it was shed because nothing
    /// else may be.
    public CompletableFuture<Long> append(Lane lane, Weight weight, byte[] body) {
        return append(lane, weight, body, false);
    }

    /// The same; a record that holds text is encrypted.
    public CompletableFuture<Long> append(Lane lane, Weight weight, byte[] body, boolean hasText) {
        if (closed) {
            return CompletableFuture.failedFuture(isClosed());
        }
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return CompletableFuture.failedFuture(new SpoolFailure(
                    "the disk of " + folder + " does not keep up: " + MOST_WAITING + " records wait to be written"));
        }
        CompletableFuture<Long> seq = new CompletableFuture<>();
        commands.add(new Append(lane, weight, body, hasText, seq));
        return seq;
    }

    /// The next records beyond a sequence of an epoch, as soon as there are any; from the first one when
    /// the spool is in another epoch by now. What was read is never shed.
    public CompletableFuture<Page> read(Lane lane, long epoch, long after, int limit) {
        if (closed) {
            return CompletableFuture.failedFuture(isClosed());
        }
        CompletableFuture<Page> page = new CompletableFuture<>();
        commands.add(new Read(lane, epoch, after, limit, page));
        return page;
    }

    /// All records up to this sequence are safe elsewhere; `count` says how many were sent since the last
    /// time.
    public void acknowledge(Lane lane, long epoch, long through, long count) {
        commands.add(new Acknowledge(lane, epoch, through, count));
    }

    /// Writes what waits, then closes the file.
    @Override
    public void close() {
        closed = true;
        commands.add(new Stop());
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private SpoolFailure isClosed() {
        return new SpoolFailure("the spool in " + folder + " is closed");
    }

    private void run() {
        boolean open = true;
        while (open) {
            try {
                Command first = commands.poll(IDLE_MS, TimeUnit.MILLISECONDS);
                if (first != null) {
                    open = handle(first);
                } else if (store.hasChores()) {
                    write(List.of());
                }
            } catch (InterruptedException e) {
                open = false;
            } catch (RuntimeException | Error e) {
                // Records that nobody takes any more would be worse than whatever this was.
                System.getLogger(Spool.class.getName())
                        .log(System.Logger.Level.ERROR, "the spool in " + folder + " failed and goes on", e);
            }
        }
        finish();
    }

    /// False when it is time to stop.
    private boolean handle(Command command) throws InterruptedException {
        return switch (command) {
            case Append append -> group(append);
            case Read read -> {
                read(read);
                yield true;
            }
            case Acknowledge acknowledge -> {
                acknowledge(acknowledge);
                yield true;
            }
            case Stop() -> false;
        };
    }

    /// Gathers appends for a moment, or until there are as many as a commit takes, then writes them in one. Other
    /// commands met meanwhile come after it.
    private boolean group(Append first) throws InterruptedException {
        List<Append> group = new ArrayList<>();
        List<Command> rest = new ArrayList<>();
        group.add(first);
        boolean open = true;
        long end = nanoTime.getAsLong() + bounds.group().toNanos();
        while (open && group.size() < bounds.groupRecords()) {
            Command next = commands.poll(end - nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
            if (next == null) {
                break;
            }
            switch (next) {
                case Append append -> group.add(append);
                case Stop() -> open = false;
                case Read read -> rest.add(read);
                case Acknowledge acknowledge -> rest.add(acknowledge);
            }
        }
        write(group);
        for (Command command : rest) {
            handle(command);
        }
        return open;
    }

    private void write(List<Append> group) {
        try {
            commit(group);
        } catch (SQLException | RuntimeException | Error e) {
            if (!SpoolFile.isDamage(e) || !store.replace() || !commitAgain(group, e)) {
                fail(group, e);
            }
        } finally {
            waiting.addAndGet(-group.size());
        }
        List<Read> retry = List.copyOf(parked);
        parked.clear();
        retry.forEach(this::read);
    }

    private void commit(List<Append> group) throws SQLException {
        long[] seqs = new long[group.size()];
        for (int i = 0; i < seqs.length; i++) {
            Append append = group.get(i);
            seqs[i] = store.append(append.lane(), append.weight(), append.body(), append.hasText());
        }
        BitSet shed = new BitSet(seqs.length);
        for (int i = 0; i < seqs.length; i++) {
            shed.set(i, store.book(group.get(i).lane()).isShed(seqs[i]));
        }
        store.commit();
        for (int i = 0; i < seqs.length; i++) {
            CompletableFuture<Long> seq = group.get(i).seq();
            if (shed.get(i)) {
                seq.completeExceptionally(new SpoolFailure("the spool in " + folder + " is full: record " + seqs[i]
                        + " was shed at once; it has room again when records are uploaded"));
            } else {
                seq.complete(seqs[i]);
            }
        }
    }

    private boolean commitAgain(List<Append> group, Throwable cause) {
        try {
            commit(group);
            return true;
        } catch (SQLException | RuntimeException e) {
            cause.addSuppressed(e);
            return false;
        }
    }

    private void fail(List<Append> group, Throwable cause) {
        try {
            store.undo();
        } catch (SQLException | RuntimeException e) {
            cause.addSuppressed(e);
        }
        SpoolFailure failure =
                new SpoolFailure("cannot write to the spool in " + folder + ": " + cause.getMessage(), cause);
        group.forEach(append -> append.seq().completeExceptionally(failure));
    }

    private void read(Read read) {
        long epoch = store.book(read.lane()).epoch();
        try {
            List<Page.Stored> records = store.read(read.lane(), read.epoch() == epoch ? read.after() : 0, read.limit());
            if (records.isEmpty()) {
                parked.add(read);
            } else {
                rememberHanded(read.lane());
                read.page().complete(new Page(epoch, records));
            }
        } catch (SQLException | RuntimeException | Error e) {
            if (SpoolFile.isDamage(e) && store.replace()) {
                parked.add(read);
            } else {
                fail(List.of(), e);
                read.page()
                        .completeExceptionally(
                                new SpoolFailure("cannot read the spool in " + folder + ": " + e.getMessage(), e));
            }
        }
    }

    /// What is sent must not be shed in a later life, so it is written down before. A disk that is full
    /// must not keep records from being sent, which is what makes room: then it is written down with the
    /// next commit.
    private void rememberHanded(Lane lane) {
        if (!store.isChanged(lane)) {
            return;
        }
        try {
            store.commit();
        } catch (SQLException e) {
            System.getLogger(Spool.class.getName())
                    .log(System.Logger.Level.DEBUG, "the spool in " + folder + " cannot write down what it sends", e);
            fail(List.of(), e);
        }
    }

    private void acknowledge(Acknowledge acknowledge) {
        LaneBook book = store.book(acknowledge.lane());
        if (book.epoch() == acknowledge.epoch()) {
            book.acknowledge(acknowledge.through(), acknowledge.count());
            book.publish();
        }
    }

    private void finish() {
        closed = true;
        List<Append> last = new ArrayList<>();
        Command next = commands.poll();
        while (next != null) {
            switch (next) {
                case Append append -> last.add(append);
                case Acknowledge acknowledge -> acknowledge(acknowledge);
                case Read read -> parked.add(read);
                case Stop() -> {}
            }
            next = commands.poll();
        }
        write(last);
        parked.forEach(read -> read.page().completeExceptionally(isClosed()));
        try {
            store.close();
        } catch (SQLException e) {
            System.getLogger(Spool.class.getName())
                    .log(System.Logger.Level.WARNING, "the spool in " + folder + " did not close cleanly", e);
        }
    }
}
