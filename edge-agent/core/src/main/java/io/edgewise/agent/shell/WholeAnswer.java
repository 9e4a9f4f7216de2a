// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.shell;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A small answer, wanted to its last byte within a time: the client's own limit ends with the headers, and where a
/// link goes silent in the middle of a body it would wait for ever.
final class WholeAnswer {
    private WholeAnswer() {}

    /// An answer with more bytes than `most` is a failure.
    static HttpResponse<byte[]> of(HttpClient http, HttpRequest request, int most, Duration patience)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> answer = http.sendAsync(
                request, HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), most));
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            HttpTimeoutException late =
                    new HttpTimeoutException(request.uri() + " did not answer to the end within " + patience);
            late.initCause(e);
            throw late;
        } catch (ExecutionException e) {
            throw failure(request, e);
        } finally {
            answer.cancel(true);
        }
    }

    private static IOException failure(HttpRequest request, ExecutionException e) {
        return e.getCause() instanceof IOException cause
                ? cause
                : new IOException(request.uri() + " cannot be asked: " + e.getCause(), e);
    }
}
