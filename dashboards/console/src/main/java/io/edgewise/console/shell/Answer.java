// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import org.jspecify.annotations.Nullable;

/// What to send back. `etag` is empty where the content is not to be asked for again.
record Answer(int status, String html, String etag) {
    static final int OK = 200;
    static final int NOT_MODIFIED = 304;
    static final int NOT_FOUND = 404;
    static final int UNAVAILABLE = 503;

    static Answer page(String html) {
        return new Answer(OK, html, "");
    }

    static Answer problem(int status, String html) {
        return new Answer(status, html, "");
    }

    /// Without a body where the browser already shows this content. `known` is the request's If-None-Match.
    static Answer fragment(Fragments.Fragment fragment, @Nullable String known) {
        String tag = '"' + fragment.etag() + '"';
        boolean same = known != null && (known.equals(tag) || known.equals("W/" + tag));
        return same ? new Answer(NOT_MODIFIED, "", tag) : new Answer(OK, fragment.html(), tag);
    }
}
