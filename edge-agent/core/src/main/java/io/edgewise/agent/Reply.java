// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

/// An answer in the bytes of the API that it came from, for the app that speaks the same.
@SuppressWarnings("ArrayRecordComponent")
public record Reply(int status, String contentType, byte[] body) {}
