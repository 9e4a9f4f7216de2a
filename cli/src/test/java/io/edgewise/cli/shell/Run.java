// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.shell;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;

/// One run of the command, as a user makes it.
record Run(int code, String out, String err) {
    static Run of(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = Main.run(
                arguments, new Terminal(new PrintWriter(out), new PrintWriter(err, true), false, System::nanoTime));
        return new Run(code, out.toString(), err.toString());
    }

    JsonNode json() throws IOException {
        if (code != 0) {
            throw new IllegalStateException("exit code " + code + ": " + err);
        }
        return new ObjectMapper().readTree(out);
    }
}
