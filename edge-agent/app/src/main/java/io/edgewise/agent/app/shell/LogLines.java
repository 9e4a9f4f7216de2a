// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import io.edgewise.agent.app.config.Settings;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// One line per event on standard error: a JSON object, or text. Whatever a text holds, it cannot begin a new line.
final class LogLines extends Handler {
    private final boolean isJson;
    private final PrintStream out;
    private final Formatter messages = new Formatter() {
        @Override
        public String format(LogRecord record) {
            return formatMessage(record);
        }
    };

    LogLines(boolean isJson, PrintStream out) {
        this.isJson = isJson;
        this.out = out;
    }

    /// Makes this the process's log.
    static void install(Settings.Log log) {
        Logger root = LogManager.getLogManager().getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(new LogLines(log.isJson(), System.err));
        root.setLevel(level(log.level()));
        // They tell of every connection and every setting of theirs.
        for (String chatty : new String[] {"org.apache.kafka", "io.netty", "io.vertx"}) {
            Logger logger = Logger.getLogger(chatty);
            logger.setLevel(Level.WARNING);
            KEPT.add(logger);
        }
    }

    /// Loggers are held weakly elsewhere, and their level with them.
    private static final java.util.List<Logger> KEPT = new java.util.concurrent.CopyOnWriteArrayList<>();

    private static Level level(String word) {
        return switch (word) {
            case "error" -> Level.SEVERE;
            case "warn" -> Level.WARNING;
            case "debug" -> Level.FINE;
            default -> Level.INFO;
        };
    }

    @Override
    public void publish(LogRecord record) {
        if (isLoggable(record)) {
            out.println(line(record));
        }
    }

    String line(LogRecord record) {
        String message = messages.format(record);
        String error = trace(record);
        Instant at = record.getInstant();
        if (!isJson) {
            return at + " " + name(record.getLevel()) + " " + record.getLoggerName() + ": " + escape(message)
                    + (error.isEmpty() ? "" : " | " + escape(error));
        }
        StringBuilder line = new StringBuilder("{\"at\":\"").append(at).append("\",\"level\":\"");
        line.append(name(record.getLevel())).append("\",\"logger\":\"");
        line.append(escape(String.valueOf(record.getLoggerName()))).append("\",\"message\":\"");
        line.append(escape(message)).append('"');
        if (!error.isEmpty()) {
            line.append(",\"error\":\"").append(escape(error)).append('"');
        }
        return line.append('}').toString();
    }

    private static String name(Level level) {
        if (level.intValue() >= Level.SEVERE.intValue()) {
            return "error";
        }
        if (level.intValue() >= Level.WARNING.intValue()) {
            return "warn";
        }
        return level.intValue() >= Level.INFO.intValue() ? "info" : "debug";
    }

    private static String trace(LogRecord record) {
        if (record.getThrown() == null) {
            return "";
        }
        StringWriter text = new StringWriter();
        record.getThrown().printStackTrace(new PrintWriter(text));
        return text.toString().strip();
    }

    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            switch (each) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                default -> {
                    if (each < 0x20 || each >= 0x7f && each < 0xa0 || each >= 0x2028 && each <= 0x202e) {
                        escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) each));
                    } else {
                        escaped.append(each);
                    }
                }
            }
        }
        return escaped.toString();
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        flush();
    }
}
