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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

/// The uplink of devices that reach nothing but HTTPS: batches to ingest, `POST
/// {base}/ingest/v1/batches`, compressed. 200 is final for every record in the batch: those that ingest
/// rejected are counted and not sent again. Everything else fails the batch, and whoever sends tries
/// again later; what ingest asked for by `Retry-After` is waited first.
public final class HttpUplink implements Uplink, AutoCloseable {
    private static final int MOST_RECORDS = 500;
    private static final int MOST_BYTES = 1 << 20;
    private static final int MOST_ANSWER = 1 << 20;
    private static final int QUEUE = 4_096;
    private static final Duration LINGER = Duration.ofMillis(20);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LONGEST_PAUSE_SECONDS = 300;

    @SuppressWarnings("ArrayRecordComponent")
    private record Waiting(byte[] record, CompletableFuture<Void> sent) {}

    /// A kind of record that ingest takes.
    private final class Road implements Runnable {
        private final URI address;
        private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(QUEUE);
        private final Thread thread;

        Road(String path) {
            this.address = URI.create(base + path);
            this.thread = Thread.ofVirtual().name("edgewise-uplink").start(this);
        }

        @Override
        public void run() {
            while (stopped.getCount() > 0) {
                List<Waiting> batch = new ArrayList<>();
                try {
                    gather(batch);
                    post(address, batch);
                } catch (InterruptedException e) {
                    batch.forEach(waiting -> waiting.sent().completeExceptionally(e));
                    return;
                }
            }
        }

        private void gather(List<Waiting> batch) throws InterruptedException {
            Waiting next = queue.take();
            long bytes = 0;
            while (next != null) {
                batch.add(next);
                bytes += next.record().length;
                boolean isFull = batch.size() >= MOST_RECORDS || bytes >= MOST_BYTES;
                next = isFull ? null : queue.poll(LINGER.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    private final HttpClient http;
    private final String base;
    private final String deviceToken;
    private final Map<String, Road> roads = new ConcurrentHashMap<>();
    private final AtomicLong rejected = new AtomicLong();
    private final CountDownLatch stopped = new CountDownLatch(1);

    /// The client is shared, not closed; it must not follow redirects.
    public HttpUplink(HttpClient http, URI base, String deviceToken) {
        if (http.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException(base + ": its HTTP client must not follow redirects");
        }
        this.http = http;
        String text = base.toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.deviceToken = deviceToken;
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
        if (isClosed || !road.queue.offer(new Waiting(record, sent))) {
            sent.completeExceptionally(new IOException(
                    isClosed ? "the uplink is closed" : "more than " + QUEUE + " records wait for ingest"));
        }
        return sent;
    }

    private void post(URI address, List<Waiting> batch) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(address)
                    .header("Authorization", "Bearer " + deviceToken)
                    .header("Content-Type", "application/x-protobuf")
                    .header("Content-Encoding", "gzip")
                    .timeout(PATIENCE)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body(batch)))
                    .build();
            HttpResponse<byte[]> response = http.send(
                    request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), MOST_ANSWER));
            if (response.statusCode() == 200 || response.statusCode() == 202) {
                rejected.addAndGet(rejected(response.body()));
                batch.forEach(waiting -> waiting.sent().complete(null));
                return;
            }
            fail(batch, new IOException(address + " answered with status " + response.statusCode()));
            pause(response);
        } catch (IOException e) {
            fail(batch, e);
        }
    }

    private static void fail(List<Waiting> batch, IOException e) {
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

    private static int rejected(byte[] answer) {
        try {
            JsonNode rejected = new ObjectMapper().readTree(answer).path("rejected");
            return rejected.isArray() ? rejected.size() : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    @Override
    public void close() {
        stopped.countDown();
        roads.values().forEach(road -> road.thread.interrupt());
    }
}
