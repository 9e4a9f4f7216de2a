// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.fuzz;

import io.edgewise.agent.app.config.SettingsReader;
import io.edgewise.agent.app.shell.Sidecar;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// Bytes on the wire of a whole agent, both surfaces: the connection ends or is answered within seconds, and the agent
/// is
/// still there.
public final class HttpBytes {
    private static final int PATIENCE_MS = 20_000;
    private static final Sidecar AGENT = start();
    private static int inputs;

    private HttpBytes() {}

    private static Sidecar start() {
        try {
            Path home = Path.of(System.getProperty("edgewise.home", "../.."))
                    .toAbsolutePath()
                    .normalize();
            Path folder = Files.createTempDirectory("edgewise-fuzz");
            return Sidecar.start(SettingsReader.read("fuzz", """
                    device: fuzz-1
                    http: {port: 0, timeout: 2s}
                    workload: {name: voice-ivr-intent, labels-file: %s/data/clinc150/labels.json}
                    frontier: {url: "http://127.0.0.1:1", model: gpt-x}
                    edge: {models: %s/models, builds: [edge-intent-int8]}
                    """.formatted(home, home), Map.of(), folder));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        send(input);
        inputs++;
        if (inputs % 256 == 1) {
            String health = send("GET /q/health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            OpenAiBodies.require(health.startsWith("HTTP/1.1 200"));
        }
    }

    private static String send(byte[] input) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), AGENT.port())) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.setTcpNoDelay(true);
            try {
                socket.getOutputStream().write(input);
                socket.shutdownOutput();
                return read(socket.getInputStream());
            } catch (SocketTimeoutException e) {
                throw new IllegalStateException("neither answered nor closed within " + PATIENCE_MS + " ms", e);
            } catch (IOException e) {
                // Closed by the agent while more came.
                return "";
            }
        }
    }

    private static String read(InputStream in) throws IOException {
        byte[] answer = in.readNBytes(1 << 20);
        return new String(answer, StandardCharsets.ISO_8859_1);
    }
}
