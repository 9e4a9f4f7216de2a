// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.Answer;
import io.edgewise.agent.Relay;
import io.edgewise.agent.app.api.ApiFailure;
import io.edgewise.agent.app.api.Errors;
import io.edgewise.contracts.v1.Role;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Passes a streamed answer on to the app. A few writes may be on their way; then the model waits for the app, though
/// not for ever.
final class StreamRelay implements Relay {
    private static final int ON_THEIR_WAY = 32;

    private final Exchange exchange;
    private final Duration patience;
    private final Semaphore room = new Semaphore(ON_THEIR_WAY);
    private boolean begun;
    private Map<String, String> told = Map.of();

    StreamRelay(Exchange exchange, Duration patience) {
        this.exchange = exchange;
        this.patience = patience;
    }

    boolean begun() {
        return begun;
    }

    @Override
    public void told(Map<String, String> headers) {
        told = headers;
    }

    @Override
    public void begin(Served by) {
        begun = true;
        Map<String, String> vendors = told;
        exchange.onLoop(response -> {
            exchange.begun();
            vendors.forEach(response::putHeader);
            response.setChunked(true);
            response.putHeader("Content-Type", "text/event-stream");
            response.putHeader("Cache-Control", "no-cache");
            response.putHeader(Exchange.ARM, Exchange.arm(by.role()));
            if (!by.who().isEmpty()) {
                response.putHeader(Exchange.SERVED_BY, by.who());
            }
            if (!by.reason().isEmpty()) {
                response.putHeader(Exchange.REASON, by.reason());
            }
            if (!by.observationId().isEmpty()) {
                response.putHeader(Exchange.OBSERVATION, by.observationId());
                response.putHeader("Trailer", Exchange.TOKEN);
            }
        });
    }

    /// Of a build that was asked by its name, nobody said who it is.
    @Override
    public void write(byte[] bytes) throws IOException {
        if (!begun) {
            begin(new Served("", Role.ROLE_UNSPECIFIED, "", ""));
        }
        try {
            if (!room.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                leave();
                throw new IOException("the app has not read for " + patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the app went away", e);
        }
        exchange.onLoop(response -> {
            var _ = response.write(Buffer.buffer(bytes)).onComplete(_ -> room.release());
        });
    }

    /// An app that does not read is as good as gone, which says nothing of the model.
    private void leave() {
        exchange.onLoop(_ -> exchange.breakOff());
        Thread.currentThread().interrupt();
    }

    /// After the last bytes. A stream that broke off ends with an error event, unless the frontier itself
    /// just stopped.
    void end(Answer answer) {
        exchange.onLoop(response -> {
            if (!answer.feedbackToken().isEmpty()) {
                response.putTrailer(Exchange.TOKEN, answer.feedbackToken());
            }
            boolean isBroken = answer.failure().isPresent()
                    && !answer.failure().get().contains(":malformed")
                    && !answer.failure().get().contains(":invalid_output");
            if (isBroken) {
                byte[] error = Errors.openAi(ApiFailure.refused(
                        502,
                        "stream_broken",
                        "The answer broke off: " + answer.failure().get()));
                var _ = response.write("data: " + new String(error, StandardCharsets.UTF_8) + "\n\n");
            }
            response.end();
        });
    }
}
