// SPDX-License-Identifier: Apache-2.0
/// From records to counts: what one observation or one piece of feedback adds to windows (for people) and to evidence
/// (for decisions), which records have been seen already, and which are refused. Pure: the same records in the same
/// order give the same state, wherever the reading was interrupted.
@NullMarked
package io.edgewise.evaluator;

import org.jspecify.annotations.NullMarked;
