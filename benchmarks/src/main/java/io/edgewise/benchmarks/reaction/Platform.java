// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.reaction;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The server as it is delivered, in a process of its own, and its operator.
final class Platform implements AutoCloseable {
    private static final Path JAR = Path.of("server", "target", "quarkus-app", "quarkus-run.jar");
    private static final long PATIENCE_NANOS = 120_000_000_000L;
    private static final long LOOK_EVERY_MS = 200;
    private static final int OK = 200;
    private static final int FAILED = 400;

    private final Path folder;
    private final int port;
    private final Process process;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();

    Platform(Path folder, String bootstrapServers, String databaseUrl, String roles)
            throws IOException, InterruptedException {
        if (!Files.exists(JAR)) {
            throw new IOException("there is no " + JAR + "; run ./edgewise build first");
        }
        this.folder = Files.createDirectories(folder);
        this.port = freePort();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "-Xmx512m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dquarkus.http.port=" + port,
                "-Dedgewise.roles=" + roles,
                "-Dedgewise.exit-with-parent=true",
                "-Dedgewise.secrets.folder=" + secrets(),
                "-Dedgewise.kafka.bootstrap-servers=" + bootstrapServers,
                "-Dedgewise.database.url=" + databaseUrl,
                "-Dedgewise.database.user=postgres",
                "-jar",
                JAR.toString()));
        this.process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        awaitReady();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitReady() throws IOException, InterruptedException {
        long until = System.nanoTime() + PATIENCE_NANOS;
        while (System.nanoTime() < until && process.isAlive()) {
            try {
                if (http.send(
                                        HttpRequest.newBuilder(URI.create(address() + "/q/health/ready"))
                                                .build(),
                                        HttpResponse.BodyHandlers.discarding())
                                .statusCode()
                        == OK) {
                    return;
                }
            } catch (IOException e) {
                // It does not listen yet.
            }
            Thread.sleep(LOOK_EVERY_MS);
        }
        process.destroyForcibly();
        throw new IOException("the server did not become ready:\n"
                + Files.readString(folder.resolve("server.log"), StandardCharsets.UTF_8));
    }

    String address() {
        return "http://127.0.0.1:" + port;
    }

    private Path secrets() {
        return folder.resolve("secrets").toAbsolutePath();
    }

    private String secret(String name) throws IOException {
        return Files.readString(secrets().resolve(name)).strip();
    }

    byte[] deviceSecret() throws IOException {
        return secret("device-secret").getBytes(StandardCharsets.UTF_8);
    }

    PublicKey signingKey() throws IOException, GeneralSecurityException {
        String body = secret("signing.pub")
                .replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "")
                .replaceAll("\\s", "");
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(body)));
    }

    /// What the operator asks; the answer.
    String ask(String method, String path, String body) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(
                HttpRequest.newBuilder(URI.create(address() + path))
                        .header("Authorization", "Bearer " + secret("operator-token"))
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= FAILED) {
            throw new IOException(method + " " + path + " was answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        var _ = process.onExit().join();
    }
}
