// SPDX-License-Identifier: Apache-2.0
/// How much two answers agree: texts, extracted fields, transcripts, embeddings. Every measure lies in
/// [0, 1].
///
/// A device computes these numbers too, and ports to other languages must compute the same ones. So this
/// package needs nothing but the Java library, and each definition is complete and versioned: a change of
/// any result is a new version (`token-f1/2`), never a change of the old one.
///
/// Texts are read by code points, not by `char`. Unicode classes and mappings (NFC, NFKC, lower case,
/// punctuation, scripts) are those of the running platform, Unicode 16.0 on Java 25; platforms of another
/// version may differ on characters that the older one does not know, and on no others.
@NullMarked
package io.edgewise.statistics.text;

import org.jspecify.annotations.NullMarked;
