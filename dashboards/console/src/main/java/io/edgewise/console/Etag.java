// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names the content of a fragment. What only counts on with the clock is left out: the browser counts by itself.
public final class Etag {
    private static final Pattern RUNNING =
            Pattern.compile("(<span data-since=\"[^\"]*\">)[^<]*|data-clock value=\"\\d+\"");

    private Etag() {}

    public static String of(String html) {
        String still = RUNNING.matcher(html)
                .replaceAll(match -> match.group(1) == null ? "" : Matcher.quoteReplacement(match.group(1)));
        return hex(still).substring(0, 32);
    }

    /// SHA-256 in lower-case hexadecimal.
    public static String hex(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
