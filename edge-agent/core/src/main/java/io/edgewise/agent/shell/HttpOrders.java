// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.shell;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.agent.OrdersSource;
import io.edgewise.contracts.v1.Orders;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Asks ingest what to do, by long-poll: `GET {base}/ingest/v1/orders?workload=&cursor=&wait=`.
public final class HttpOrders implements OrdersSource {
    /// On top of the time that the server may wait.
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final int MOST_BYTES = 1 << 20;

    private final HttpClient http;
    private final String base;
    private final String deviceToken;
    private final Duration grace;

    /// The client is shared, not closed. The token is empty where the client's certificate says who asks.
    public HttpOrders(HttpClient http, URI base, String deviceToken) {
        this(http, base, deviceToken, GRACE);
    }

    HttpOrders(HttpClient http, URI base, String deviceToken, Duration grace) {
        this.grace = grace;
        this.http = http;
        String text = base.toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        this.deviceToken = deviceToken;
    }

    @Override
    public Orders poll(String workload, long cursor, Duration wait) throws IOException {
        URI address = URI.create(base + "/ingest/v1/orders?workload="
                + URLEncoder.encode(workload, StandardCharsets.UTF_8) + "&cursor=" + cursor + "&wait="
                + wait.toSeconds());
        HttpRequest request = Bearer.request(address, deviceToken)
                .header("Accept", "application/x-protobuf")
                .GET()
                .build();
        HttpResponse<byte[]> response = exchange(request, wait.plus(grace));
        return switch (response.statusCode()) {
            case 200 -> parse(address, response.body());
            case 204 -> Orders.newBuilder().setCursor(cursor).build();
            case 401, 403 ->
                throw new IOException(address + " refused this device with status " + response.statusCode()
                        + (deviceToken.isEmpty()
                                ? ": it saw no certificate that names the device, or the device is revoked"
                                : ": its token is wrong or revoked; enrol the device again"));
            default -> throw new IOException(address + " answered with status " + response.statusCode());
        };
    }

    private HttpResponse<byte[]> exchange(HttpRequest request, Duration patience) throws IOException {
        try {
            return WholeAnswer.of(http, request, MOST_BYTES, patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + request.uri(), e);
        }
    }

    private static Orders parse(URI address, byte[] body) throws IOException {
        try {
            return Orders.parseFrom(body);
        } catch (InvalidProtocolBufferException e) {
            throw new IOException(address + " answered 200 with what is not an Orders message", e);
        }
    }
}
