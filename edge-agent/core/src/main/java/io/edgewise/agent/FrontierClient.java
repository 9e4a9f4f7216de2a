// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

/// The large model behind an API. Blocking and thread-safe.
@FunctionalInterface
public interface FrontierClient {
    FrontierAnswer ask(String text) throws FrontierFailure;

    /// In the app's own words, where the frontier speaks the same API.
    default FrontierAnswer ask(Request request) throws FrontierFailure {
        return ask(request.text());
    }
}
