// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.openai;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// A response's body, part by part as it comes: whoever reads waits for the next one, but not for ever, and the server
/// is slowed down while nobody reads.
final class Parts implements BodySubscriber<Parts>, AutoCloseable {
    private sealed interface Event {}

    @SuppressWarnings("ArrayRecordComponent")
    private record Part(byte[] bytes) implements Event {}

    private record End(Optional<Throwable> failure) implements Event {}

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<Parts> opened = new CompletableFuture<>();
    private Flow.@Nullable Subscription subscription;
    private boolean asked;
    private boolean closed;

    @Override
    public CompletionStage<Parts> getBody() {
        return opened;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription given) {
        subscription = given;
        if (closed) {
            given.cancel();
        }
        opened.complete(this);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        int size = buffers.stream().mapToInt(ByteBuffer::remaining).sum();
        ByteBuffer all = ByteBuffer.allocate(size);
        buffers.forEach(all::put);
        events.add(new Part(all.array()));
    }

    @Override
    public void onError(Throwable failure) {
        events.add(new End(Optional.of(failure)));
    }

    @Override
    public void onComplete() {
        events.add(new End(Optional.empty()));
    }

    /// The next part; empty at the end.
    Optional<byte[]> next(long nanos) throws IOException, TimeoutException, InterruptedException {
        ask();
        Event event = events.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
        return switch (event) {
            case null -> throw new TimeoutException();
            case Part part -> {
                asked(false);
                yield Optional.of(part.bytes());
            }
            case End end -> {
                events.add(end);
                if (end.failure().isPresent()) {
                    throw new IOException("the answer broke off", end.failure().get());
                }
                yield Optional.empty();
            }
        };
    }

    private synchronized void ask() {
        if (!asked && subscription != null) {
            asked = true;
            subscription.request(1);
        }
    }

    private synchronized void asked(boolean now) {
        asked = now;
    }

    /// No more is wanted.
    @Override
    public synchronized void close() {
        closed = true;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
