// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Execution providers in the order wanted, with fall-back to the CPU: the first that this library was
/// made with and that this machine lets start. `passedOver` says of the others why not.
record Providers(String chosen, List<String> passedOver) {
    static final String CPU = "cpu";

    private interface Registration {
        void on(SessionOptions options) throws OrtException;
    }

    private static final Map<String, Registration> KNOWN = Map.of(
            "cuda", SessionOptions::addCUDA,
            "coreml", SessionOptions::addCoreML,
            "directml", options -> options.addDirectML(0),
            "nnapi", SessionOptions::addNnapi,
            "openvino", options -> options.addOpenVINO("CPU"),
            "qnn", options -> options.addQnn(Map.of()),
            "xnnpack", options -> options.addXnnpack(Map.of()));

    Providers {
        passedOver = List.copyOf(passedOver);
    }

    /// Registers the first that can be.
    static Providers register(List<String> wanted, SessionOptions options) {
        List<String> passedOver = new ArrayList<>();
        for (String provider : wanted) {
            if (provider.equals(CPU)) {
                return new Providers(CPU, passedOver);
            }
            String obstacle = obstacle(provider, options);
            if (obstacle.isEmpty()) {
                return new Providers(provider, passedOver);
            }
            passedOver.add(provider + ": " + obstacle);
        }
        return new Providers(CPU, passedOver);
    }

    private static String obstacle(String provider, SessionOptions options) {
        Registration registration = KNOWN.get(provider);
        if (registration == null) {
            return "is not known; known are cpu and "
                    + KNOWN.keySet().stream().sorted().toList();
        }
        try {
            registration.on(options);
            return "";
        } catch (OrtException | RuntimeException | LinkageError e) {
            return "is not available here (" + e.getMessage() + ")";
        }
    }

    /// For people: "cpu; cuda: is not available here (…)".
    String describe() {
        return passedOver.isEmpty() ? chosen : chosen + "; " + String.join("; ", passedOver);
    }
}
