// SPDX-License-Identifier: Apache-2.0
package io.edgewise.runtime.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.edgewise.runtime.role.Role.Migration;
import io.edgewise.testkit.Platform;
import io.edgewise.testkit.PlatformExtension;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PlatformExtension.class)
class DatabaseIT {
    private final Database database;

    DatabaseIT(Platform platform) {
        database = new Database(platform.dataSource());
    }

    @BeforeEach
    void migrateAndEmpty() throws SQLException {
        Migrations.run(database.source(), List.of(new Migration("example", "db/example")));
        Migrations.run(database.source(), List.of(new Migration("example", "db/example")));
        database.transact(sql -> sql.update("DELETE FROM example.item"));
    }

    @Test
    void commitsWhatTheWorkDid() throws SQLException {
        database.transact(sql -> sql.update("INSERT INTO example.item VALUES (?, ?)", "a", 3L));
        assertThat(amounts()).containsExactly(3L);
    }

    @Test
    void leavesNothingOfWorkThatFailed() throws SQLException {
        assertThatThrownBy(() -> database.transact(sql -> {
                    sql.update("INSERT INTO example.item VALUES (?, ?)", "a", 3L);
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(amounts()).isEmpty();
    }

    @Test
    void saysHowManyRowsAWriteMissed() {
        assertThatThrownBy(() -> database.transact(sql -> {
                    sql.updateOne("UPDATE example.item SET amount = 1 WHERE name = ?", "nobody");
                    return 0;
                }))
                .hasMessageContaining("expected to write one row, wrote 0");
    }

    @Test
    void aTextWithQuotesIsAValueAndNothingElse() throws SQLException {
        String nasty = "'); DROP TABLE example.item; --";
        database.transact(sql -> sql.update("INSERT INTO example.item VALUES (?, ?)", nasty, 1L));
        assertThat(database.<String>read(sql -> sql.first("SELECT name FROM example.item", row -> row.getString(1))
                        .orElseThrow()))
                .isEqualTo(nasty);
    }

    private List<Long> amounts() throws SQLException {
        return database.read(sql -> sql.list("SELECT amount FROM example.item", row -> row.getLong(1)));
    }
}
