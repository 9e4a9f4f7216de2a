// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.config;

import java.util.List;
import java.util.Locale;

/// One setting: its path in the file, what it may be, what it is when nobody says, and what it means. A key that is
/// required has no default; others without one may be left out.
public record Key(String path, Kind kind, Fallback fallback, String meaning) {
    static final String ENVIRONMENT = "EDGEWISE_AGENT_";

    public enum Kind {
        TEXT("text"),
        SECRET("secret"),
        NUMBER("number"),
        DURATION("duration, like 30s or 500ms"),
        FLAG("true or false"),
        LIST("list"),
        TABLE("table"),
        TABLES("list of tables");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /// What holds when the key is absent.
    public sealed interface Fallback {}

    public record Required() implements Fallback {}

    public record Absent() implements Fallback {}

    public record Default(String text) implements Fallback {}

    static Key required(String path, Kind kind, String meaning) {
        return new Key(path, kind, new Required(), meaning);
    }

    static Key optional(String path, Kind kind, String meaning) {
        return new Key(path, kind, new Absent(), meaning);
    }

    static Key with(String path, Kind kind, String text, String meaning) {
        return new Key(path, kind, new Default(text), meaning);
    }

    /// The variable that overrides it; tables and lists of them have none.
    public String variable() {
        return ENVIRONMENT + path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /// The keys in the order of the reference.
    public static List<Key> all() {
        return Keys.ALL;
    }
}
