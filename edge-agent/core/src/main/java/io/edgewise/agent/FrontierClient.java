// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

/// The large model behind an API. Blocking and thread-safe.
@FunctionalInterface
public interface FrontierClient {
    FrontierAnswer ask(String text) throws FrontierFailure;
}
