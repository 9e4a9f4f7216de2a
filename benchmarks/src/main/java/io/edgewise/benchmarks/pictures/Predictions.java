// SPDX-License-Identifier: Apache-2.0
package io.edgewise.benchmarks.pictures;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/// What one shipped model answered on the 4,500 in-scope test utterances, and whether it was right.
@SuppressWarnings("ArrayRecordComponent") // lives within one drawing
record Predictions(double[] confidence, boolean[] correct) {
    private static final int IN_SCOPE = 4_500;

    static Predictions of(Path root, String model) {
        Path file = root.resolve("models").resolve("predictions.tsv.gz");
        double[] confidence = new double[IN_SCOPE];
        boolean[] correct = new boolean[IN_SCOPE];
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            List<String> header = Arrays.asList(lines.readLine().split("\t", -1));
            int label = header.indexOf(model + ":label");
            int sure = header.indexOf(model + ":confidence");
            int truth = header.indexOf("intent");
            int n = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] cells = line.split("\t", -1);
                if (!cells[truth].equals("oos")) {
                    confidence[n] = Double.parseDouble(cells[sure]);
                    correct[n++] = cells[label].equals(cells[truth]);
                }
            }
            if (n != IN_SCOPE) {
                throw new IllegalStateException(file + " has " + n + " in-scope rows, not " + IN_SCOPE + ".");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read; run from the project's folder.", e);
        }
        return new Predictions(confidence, correct);
    }
}
