// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// The process's one ONNX Runtime environment.
final class Environment {
    /// Only reserved, and only while the environment is created.
    private static final long STACK_BYTES = 256L << 20;

    private Environment() {}

    /// When it starts, ONNX Runtime 1.29 recurses the deeper the longer the process's command line is: a class path of
    /// some kilobytes overflows a thread's usual stack, which kills the process without a word. So it starts on a
    /// thread with a large one.
    static OrtEnvironment get() throws IOException {
        CompletableFuture<OrtEnvironment> created = new CompletableFuture<>();
        Thread thread = Thread.ofPlatform()
                .name("edgewise-onnx-start")
                .stackSize(STACK_BYTES)
                .start(() -> create(created));
        try {
            OrtEnvironment environment = created.get();
            thread.join();
            return environment;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while ONNX Runtime started", e);
        } catch (ExecutionException e) {
            throw new IOException(
                    "ONNX Runtime does not start on this machine (" + System.getProperty("os.name") + ", "
                            + System.getProperty("os.arch") + "): " + e.getCause(),
                    e);
        }
    }

    private static void create(CompletableFuture<OrtEnvironment> created) {
        try {
            created.complete(OrtEnvironment.getEnvironment());
        } catch (RuntimeException | LinkageError e) {
            created.completeExceptionally(e);
        }
    }
}
