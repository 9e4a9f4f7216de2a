// SPDX-License-Identifier: Apache-2.0
package io.edgewise.console.shell;

import io.edgewise.console.LivePage;
import io.edgewise.console.Period;
import io.edgewise.console.RolloutList;
import io.edgewise.console.Rows;
import io.edgewise.contracts.Ulid;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What stands behind each address of the console, whatever serves it.
final class ConsolePages {
    private static final Logger LOG = LoggerFactory.getLogger(ConsolePages.class);
    private static final String NEWEST = "/rollouts/newest/live?status=";

    private final String tenant;
    private final ConsoleViews views;
    private final ConsoleTemplates templates;
    private final Fragments fragments;
    private final InstantSource clock;

    ConsolePages(String tenant, ConsoleViews views, ConsoleTemplates templates, InstantSource clock) {
        this.tenant = tenant;
        this.views = views;
        this.templates = templates;
        this.fragments = new Fragments(clock);
        this.clock = clock;
    }

    /// All rollouts, with the live state of the newest.
    Answer all(String status) {
        return answer(() -> {
            List<Rows.Rollout> rollouts = views.rollouts(tenant);
            String filter = RolloutList.filter(status);
            String newest = RolloutList.newest(rollouts, filter);
            Optional<LivePage> live = newest.isEmpty() ? Optional.empty() : read(newest, Period.HOUR);
            return Answer.page(templates.page(new ConsoleTemplates.Page(
                    list(rollouts, filter, newest), "/rollouts/list?status=" + filter, live, NEWEST + filter)));
        });
    }

    /// `span` says how far back the charts reach.
    Answer one(String id, String status, String span) {
        Period period = Period.of(span);
        return answer(() -> {
            Optional<LivePage> live = read(id, period);
            if (live.isEmpty()) {
                return missing(id);
            }
            String filter = RolloutList.filter(status);
            return Answer.page(templates.page(new ConsoleTemplates.Page(
                    list(views.rollouts(tenant), filter, id),
                    "/rollouts/list?status=" + filter + "&chosen=" + id,
                    live,
                    "/rollouts/" + id + "/live?span=" + period.key())));
        });
    }

    Answer live(String id, String span, @Nullable String known) {
        Period period = Period.of(span);
        return answer(() -> {
            if (!Ulid.isValid(id)) {
                return missing(id);
            }
            Fragments.Fragment fragment = fragments.get("live " + period + ' ' + id, () -> {
                Optional<LivePage> live = read(id, period);
                return live.isEmpty() ? "" : templates.live(live);
            });
            return fragment.html().isEmpty() ? missing(id) : Answer.fragment(fragment, known);
        });
    }

    Answer newest(String status, @Nullable String known) {
        String filter = RolloutList.filter(status);
        return answer(() -> Answer.fragment(
                fragments.get("newest " + filter, () -> {
                    String newest = RolloutList.newest(views.rollouts(tenant), filter);
                    return templates.live(newest.isEmpty() ? Optional.empty() : read(newest, Period.HOUR));
                }),
                known));
    }

    /// `chosen` is the id of the rollout shown beside the list; empty where that follows the newest.
    Answer list(String status, String chosen, @Nullable String known) {
        String filter = RolloutList.filter(status);
        String marked = Ulid.isValid(chosen) ? chosen : "";
        return answer(() -> Answer.fragment(
                fragments.get("list " + filter + ' ' + marked, () -> {
                    List<Rows.Rollout> rollouts = views.rollouts(tenant);
                    String shown = marked.isEmpty() ? RolloutList.newest(rollouts, filter) : marked;
                    return templates.list(list(rollouts, filter, shown));
                }),
                known));
    }

    Answer notRunning() {
        return Answer.problem(
                Answer.UNAVAILABLE,
                templates.problem(
                        "The console is not running here",
                        "This process is starting or stopping, or does not run the role \"console\".",
                        "Try again in some seconds, or add console to edgewise.roles."));
    }

    private Optional<LivePage> read(String id, Period period) throws SQLException {
        return Ulid.isValid(id)
                ? views.live(tenant, id, period).map(data -> LivePage.of(data, clock.instant()))
                : Optional.empty();
    }

    private RolloutList list(List<Rows.Rollout> rollouts, String filter, String chosen) {
        return RolloutList.of(rollouts, filter, chosen, ConsoleViews.MOST_ROLLOUTS, clock.instant());
    }

    private Answer missing(String id) {
        return Answer.problem(
                Answer.NOT_FOUND,
                templates.problem(
                        "No such rollout",
                        "There is no rollout \"" + id + "\" in tenant \"" + tenant + "\".",
                        "Choose one from the list, or ask GET /api/v1/rollouts."));
    }

    /// Work that reads the database and answers.
    @FunctionalInterface
    private interface Work {
        Answer get() throws SQLException;
    }

    private Answer answer(Work work) {
        try {
            return work.get();
        } catch (SQLException e) {
            LOG.warn("The console cannot read the published views.", e);
            return Answer.problem(
                    Answer.UNAVAILABLE,
                    templates.problem(
                            "The database does not answer",
                            "The published views could not be read. Rollouts go on: devices keep what they were told.",
                            "Check edgewise.database.url and the server's log, then reload this page."));
        }
    }
}
