// SPDX-License-Identifier: Apache-2.0
package io.edgewise.cli.report;

import java.util.List;

/// A page in one file: no script, no font, no picture from elsewhere; light or dark as the reader's system is.
final class Html {
    private static final String STYLE = """
            :root { color-scheme: light dark; --ink: #1b1f24; --dim: #57606a; --paper: #ffffff; --line: #d0d7de;
              --soft: #f6f8fa; --one: #0969da; --two: #bc4c00; --good: #116329; --bad: #a40e26; --odd: #7d4e00; }
            @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --dim: #9198a1; --paper: #0d1117;
              --line: #3d444d; --soft: #161b22; --one: #58a6ff; --two: #f0883e; --good: #56d364; --bad: #ff7b72;
              --odd: #e3b341; } }
            body { margin: 2rem auto; max-width: 84rem; padding: 0 1rem; color: var(--ink); background: var(--paper);
              font: 16px/1.5 system-ui, sans-serif; }
            h1 { font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; } h2 { font-size: 1.2rem; margin-top: 2.5rem; }
            p.lead { font-size: 1.1rem; } .dim, figcaption, caption { color: var(--dim); }
            .scroll { overflow-x: auto; margin: .75rem 0; } table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
            caption { text-align: left; padding: .25rem 0; }
            th, td { text-align: left; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line);
              vertical-align: top; white-space: nowrap; } th { font-weight: 600; } thead th { vertical-align: bottom;
              white-space: normal; }
            td.n, th.n { text-align: right; } td.wrap { white-space: normal; min-width: 9rem; }
            .good { color: var(--good); font-weight: 600; } .bad { color: var(--bad); font-weight: 600; }
            .odd { color: var(--odd); font-weight: 600; }
            dl.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .75rem;
              margin: 1rem 0; } dl.facts div { background: var(--soft); border: 1px solid var(--line);
              border-radius: 6px; padding: .6rem .8rem; } dl.facts dt { color: var(--dim); font-size: .85rem; }
            dl.facts dd { margin: 0; font-size: 1.15rem; } dl.facts dd small { display: block; color: var(--dim);
              font-size: .8rem; }
            details { margin: .5rem 0; } summary { cursor: pointer; } figure { margin: 1rem 0; display: inline-block; }
            svg { max-width: 100%; height: auto; } svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
            """;

    private final StringBuilder out = new StringBuilder();

    Html(String title) {
        out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(escaped(title))
                .append("</title>\n<style>\n")
                .append(STYLE)
                .append("</style>\n</head>\n<body>\n<main>\n<h1>")
                .append(escaped(title))
                .append("</h1>\n");
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /// Markup, as it is.
    Html raw(String markup) {
        out.append(markup);
        return this;
    }

    Html heading(String text) {
        return raw("<h2>" + escaped(text) + "</h2>\n");
    }

    Html paragraph(String text) {
        return raw("<p>" + escaped(text) + "</p>\n");
    }

    Html lead(String text) {
        return raw("<p class=\"lead\">" + escaped(text) + "</p>\n");
    }

    Html note(String text) {
        return raw("<p class=\"dim\">" + escaped(text) + "</p>\n");
    }

    /// What stands in a table: a text, whatever characters it has, or markup of ours.
    record Cell(String markup) {
        static Cell text(String text) {
            return new Cell(escaped(text).replace(" %", "&nbsp;%"));
        }

        static List<Cell> texts(List<String> texts) {
            return texts.stream().map(Cell::text).toList();
        }
    }

    /// A table of texts.
    Html texts(String caption, List<String> heads, List<List<String>> rows) {
        return table(caption, heads, rows.stream().map(Cell::texts).toList());
    }

    /// A table; heads that begin with a space are of numbers, those that begin with ~ may wrap.
    Html table(String caption, List<String> heads, List<List<Cell>> rows) {
        out.append("<div class=\"scroll\"><table>\n<caption>")
                .append(escaped(caption))
                .append("</caption>\n<thead><tr>");
        for (String head : heads) {
            out.append("<th scope=\"col\"")
                    .append(head.startsWith(" ") ? " class=\"n\"" : "")
                    .append('>')
                    .append(escaped(head.replace("~", "").strip()))
                    .append("</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
        for (List<Cell> row : rows) {
            out.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                String head = heads.get(i);
                String tag = i == 0 ? "th" : "td";
                out.append('<').append(tag).append(i == 0 ? " scope=\"row\"" : "");
                out.append(head.startsWith(" ") ? " class=\"n\">" : head.startsWith("~") ? " class=\"wrap\">" : ">");
                out.append(row.get(i).markup());
                out.append("</").append(tag).append('>');
            }
            out.append("</tr>\n");
        }
        out.append("</tbody></table></div>\n");
        return this;
    }

    /// A word with the colour of its meaning; the word alone says it too.
    static Cell verdict(String word) {
        String kind = switch (word) {
            case "SAFE", "STABLE", "none", "within" -> "good";
            case "BREACH", "DRIFT", "act", "below", "above" -> "bad";
            default -> "odd";
        };
        return new Cell("<span class=\"" + kind + "\">" + escaped(word) + "</span>");
    }

    String end(String footer) {
        return out.append("<p class=\"dim\">")
                .append(escaped(footer))
                .append("</p>\n</main>\n</body>\n</html>\n")
                .toString();
    }
}
