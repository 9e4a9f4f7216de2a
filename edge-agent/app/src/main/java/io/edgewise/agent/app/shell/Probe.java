// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.app.shell;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/// Asks an address once.
record Probe(HttpClient http, Duration patience) {
    static final String UNTRUSTED = "shows a certificate";

    sealed interface Reply {
        /// The answer's status; 0 where there was none.
        default int status() {
            return this instanceof Answered answered ? answered.response().statusCode() : 0;
        }
    }

    record Answered(HttpResponse<String> response) implements Reply {}

    /// @param how what an address without an answer does, as the rest of a sentence
    /// @param act what to do about it, but for a look at the setting that names the address
    record Silent(String how, String act) implements Reply {}

    static String trimmed(URI base) {
        String text = base.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    Reply get(URI address, Optional<String> authorization) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address);
        authorization.ifPresent(value -> request.header("Authorization", value));
        return send(request);
    }

    Reply send(HttpRequest.Builder request) {
        try {
            return new Answered(http.send(request.timeout(patience).build(), HttpResponse.BodyHandlers.ofString()));
        } catch (IOException e) {
            return silent(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Silent("was not waited for", "ask again");
        }
    }

    private static boolean has(IOException e, Class<? extends Exception> kind) {
        return Stream.iterate((Throwable) e, cause -> cause != null, Throwable::getCause)
                .anyMatch(kind::isInstance);
    }

    private Silent silent(IOException e) {
        String said = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (has(e, UnresolvedAddressException.class)) {
            return new Silent("does not answer: its host name is not known here", "check the DNS");
        }
        if (has(e, CertPathBuilderException.class)) {
            return new Silent(
                    UNTRUSTED + " of an authority that is not trusted here",
                    "name its authority's certificate in trusted-authorities");
        }
        if (has(e, CertificateException.class)) {
            return new Silent(UNTRUSTED + " that does not count: " + said, "have that certificate corrected");
        }
        if (e instanceof SSLException) {
            return new Silent(
                    "ended the TLS connection: " + said, "see whether it speaks TLS, and asks for a certificate");
        }
        if (e instanceof HttpTimeoutException) {
            return new Silent("does not answer within " + patience.toSeconds() + " s", "check the network");
        }
        if (e instanceof ConnectException) {
            return new Silent("does not answer: nothing listens there, or a firewall is between", "check the network");
        }
        return new Silent("does not answer: the connection ended (" + said + ")", "check the network");
    }
}
