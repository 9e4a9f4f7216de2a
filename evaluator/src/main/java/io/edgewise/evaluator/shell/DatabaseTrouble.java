// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell;

/// The database failed in the middle of folding a record: the record is not to blame.
final class DatabaseTrouble extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseTrouble(String message, Throwable cause) {
        super(message, cause);
    }
}
