// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.table;

/// What a user gave cannot be used. The message says in one line what is wrong, where, and what to do.
public final class BadInput extends RuntimeException {
    private static final long serialVersionUID = 1;

    public BadInput(String message) {
        super(plain(message));
    }

    public BadInput(String message, Throwable cause) {
        super(plain(message), cause);
    }

    /// One line without control characters: a terminal takes some of them for orders, and files may be anybody's.
    public static String plain(String text) {
        return text.replaceAll("\\p{Cc}", " ");
    }
}
