// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.CodedOutputStream;
import io.edgewise.agent.Uplink;
import io.edgewise.contracts.Topics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// The uplink of devices that reach nothing but HTTPS: batches to ingest, compressed, each kind of record
/// on a road of its own. 200 is final for every record in the batch: those that ingest rejected are
/// counted and not sent again. Everything else fails the batch, and whoever sends tries again later; what
/// ingest asked for by `Retry-After` is waited first.
public final class HttpUplink implements Uplink, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HttpUplink.class.getName());
    private static final int MOST_RECORDS = 500;
    /// As ingest takes them.
    private static final int MOST_STATUSES = 100;
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_ANSWER = 1 << 20;
    private static final int QUEUE = 4_096;
    private static final Duration LINGER = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGEST_WORD = 200;
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);
    private static final long LONGEST_PAUSE_SECONDS = 300;
    private static final String CLOSED = "the uplink is closed";
    private static final Waiting END = new Waiting(new byte[0], new CompletableFuture<>(), true);

    @SuppressWarnings("ArrayRecordComponent")
    private record Waiting(byte[] record, CompletableFuture<Void> sent, boolean isEnd) {}

    /// A kind of record that ingest takes.
    private final class Road implements Runnable {
        private final URI address;
        private final int most;
        private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(QUEUE);
        private final CompletableFuture<Void> over = new CompletableFuture<>();
        /// The road's own thread's.
        private String trouble = "";

        private final Thread thread;

        Road(String path) {
            this.address = URI.create(base + path);
            this.most = path.endsWith("/status") ? MOST_STATUSES : MOST_RECORDS;
            // A platform thread: packing a batch would keep a carrier from requests for milliseconds.
            this.thread = Thread.ofPlatform().daemon().name("edgewise-uplink").start(this);
        }

        @Override
        public void run() {
            List<Waiting> batch = new ArrayList<>();
            try {
                boolean isOver = false;
                while (!isOver) {
                    batch.clear();
                    isOver = gather(batch);
                    if (!batch.isEmpty()) {
                        post(this, batch);
                    }
                }
            } catch (InterruptedException e) {
                fail(batch, new IOException(CLOSED, e));
            } finally {
                queue.drainTo(batch);
                fail(batch, new IOException(CLOSED));
                over.complete(null);
            }
        }

        /// Whether these are the last.
        private boolean gather(List<Waiting> batch) throws InterruptedException {
            @Nullable Waiting next = queue.take();
            long bytes = 0;
            while (next != null && !next.isEnd()) {
                batch.add(next);
                bytes += next.record().length;
                boolean isFull = batch.size() >= most || bytes >= MOST_BYTES;
                next = isFull ? null : queue.poll(LINGER.toMillis(), TimeUnit.MILLISECONDS);
            }
            return next != null;
        }

        /// Each change is told once; in between it is quiet.
        private void tell(String now) {
            if (!now.isEmpty() && trouble.isEmpty()) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} takes no records: {1}; they are kept and sent again",
                        address,
                        now);
            } else if (now.isEmpty() && !trouble.isEmpty()) {
                LOG.log(System.Logger.Level.INFO, "{0} takes records again", address);
            }
            trouble = now;
        }

        void end() {
            if (!queue.offer(END)) {
                thread.interrupt();
            }
        }
    }

    private final HttpClient http;
    private final String base;
    private final String deviceToken;
    private final Duration patience;
    private final Map<String, Road> roads = new ConcurrentHashMap<>();
    private final AtomicLong rejected = new AtomicLong();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /// The client is shared, not closed; it must not follow redirects. The token is empty where the client's
    /// certificate says who sends.
    public HttpUplink(HttpClient http, URI base, String deviceToken) {
        this(http, base, deviceToken, PATIENCE);
    }

    HttpUplink(HttpClient http, URI base, String deviceToken, Duration patience) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException(base + ": its HTTP client must not follow redirects");
        }
        this.http = http;
        String text = base.toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.deviceToken = deviceToken;
        this.patience = patience;
    }

    /// Records that ingest did not take, for good.
    public long rejected() {
        return rejected.get();
    }

    /// Observations, feedback and status; ingest takes the tenant and the device from the token.
    @Override
    public CompletableFuture<Void> send(String topic, byte[] key, byte[] record, String schema) {
        String path = switch (topic) {
            case Topics.OBSERVATIONS -> "/ingest/v1/batches";
            case Topics.FEEDBACK -> "/ingest/v1/feedback";
            case Topics.AGENT_STATUS -> "/ingest/v1/status";
            default -> throw new IllegalArgumentException("devices send nothing to " + topic);
        };
        CompletableFuture<Void> sent = new CompletableFuture<>();
        Road road = roads.computeIfAbsent(path, Road::new);
        boolean isClosed = stopped.getCount() == 0;
        if (isClosed || !road.queue.offer(new Waiting(record, sent, false))) {
            sent.completeExceptionally(
                    new IOException(isClosed ? CLOSED : "more than " + QUEUE + " records wait for ingest"));
        }
        return sent;
    }

    private void post(Road road, List<Waiting> batch) throws InterruptedException {
        try {
            HttpRequest request = Bearer.request(road.address, deviceToken)
                    .header("Content-Type", "application/x-protobuf")
                    .header("Content-Encoding", "gzip")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body(batch)))
                    .build();
            HttpResponse<byte[]> response = WholeAnswer.of(http, request, MOST_ANSWER, patience);
            if (response.statusCode() == 200 || response.statusCode() == 202) {
                road.tell("");
                count(road, response.body());
                batch.forEach(waiting -> waiting.sent().complete(null));
                return;
            }
            String status = "status " + response.statusCode();
            road.tell(status + " " + said(response.body()));
            fail(batch, new IOException(road.address + " answered with " + status));
            pause(response);
        } catch (IOException | RuntimeException | Error e) {
            // An Error too, such as memory that ran out: a road that ended here would take records and send none.
            fail(batch, e);
            road.tell(e.toString());
        }
    }

    /// What is done already stays as it is.
    private static void fail(List<Waiting> batch, Throwable e) {
        batch.forEach(waiting -> waiting.sent().completeExceptionally(e));
    }

    /// As long as ingest asked for, within reason.
    private void pause(HttpResponse<?> response) throws InterruptedException {
        long seconds = response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,6}"))
                .map(Long::parseLong)
                .orElse(0L);
        boolean _ = stopped.await(Math.min(LONGEST_PAUSE_SECONDS, seconds), TimeUnit.SECONDS);
    }

    private static byte[] body(List<Waiting> batch) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            CodedOutputStream out = CodedOutputStream.newInstance(gzip);
            for (Waiting waiting : batch) {
                out.writeUInt32NoTag(waiting.record().length);
                out.writeRawBytes(waiting.record());
            }
            out.flush();
        }
        return bytes.toByteArray();
    }

    /// What ingest did not take for good is worth a line: it is lost.
    private void count(Road road, byte[] answer) {
        try {
            JsonNode refused = new ObjectMapper().readTree(answer).path("rejected");
            if (refused.isArray() && !refused.isEmpty()) {
                rejected.addAndGet(refused.size());
                LOG.log(
                        System.Logger.Level.WARNING,
                        "{0} refused {1} records for good, the first for {2}",
                        road.address,
                        refused.size(),
                        refused.get(0).path("reasons"));
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "what ingest answered is no JSON", e);
        }
    }

    private static String said(byte[] answer) {
        String text = new String(answer, StandardCharsets.UTF_8);
        return text.substring(0, Math.min(LONGEST_WORD, text.length()));
    }

    /// Takes nothing more, and sends what waits once more: as long as that takes no more than a few seconds.
    @Override
    public void close() {
        stopped.countDown();
        roads.values().forEach(Road::end);
        CompletableFuture<?>[] ends =
                roads.values().stream().map(road -> road.over).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ends).get(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            roads.values().forEach(road -> road.thread.interrupt());
        } catch (InterruptedException e) {
            roads.values().forEach(road -> road.thread.interrupt());
            Thread.currentThread().interrupt();
        }
    }
}
