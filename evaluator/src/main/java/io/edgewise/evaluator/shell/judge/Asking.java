// SPDX-License-Identifier: Apache-2.0
package io.edgewise.evaluator.shell.judge;

import io.edgewise.evaluator.judge.BothOrders;
import io.edgewise.evaluator.judge.Disagreement;
import io.edgewise.evaluator.judge.Disagreement.Case;
import io.edgewise.evaluator.judge.Verdict;
import org.jspecify.annotations.Nullable;

/// The questions about one disagreement: first with the champion's answer in the first place, then swapped. What was
/// answered is not asked again when a later question fails.
final class Asking {
    private static final int MOST_ATTEMPTS = 5;

    private final Disagreement disagreement;
    private final Case.Open open;
    private Reply.@Nullable Said championFirst;
    private Reply.Usage usage = Reply.Usage.NONE;
    private int attempts;

    Asking(Disagreement disagreement, Case.Open open) {
        this.disagreement = disagreement;
        this.open = open;
    }

    /// What became of a try. `usage` is of this try alone.
    sealed interface Outcome {
        Reply.Usage usage();

        /// A verdict in both orders, or the reason why there will be none.
        record Over(@Nullable Verdict verdict, String reason, Judged.Orders orders, String version, Reply.Usage usage)
                implements Outcome {}

        record Later(String reason, Reply.Usage usage) implements Outcome {}
    }

    Disagreement disagreement() {
        return disagreement;
    }

    Case.Open open() {
        return open;
    }

    int questionsLeft() {
        return championFirst == null ? 2 : 1;
    }

    /// Of all tries.
    Reply.Usage usage() {
        return usage;
    }

    Outcome ask(JudgeClient client, JudgeStats stats) {
        Reply.Usage used = Reply.Usage.NONE;
        Reply.Said straight = championFirst;
        if (straight == null) {
            Reply reply = asked(client, stats, true);
            used = reply.usage();
            if (!(reply instanceof Reply.Said said)) {
                return withoutChoice(reply, used);
            }
            straight = said;
            championFirst = said;
        }
        Reply reply = asked(client, stats, false);
        used = used.plus(reply.usage());
        if (!(reply instanceof Reply.Said swapped)) {
            return withoutChoice(reply, used);
        }
        BothOrders both = new BothOrders(straight.choice(), swapped.choice());
        return new Outcome.Over(
                both.verdict(),
                both.isConsistent() ? "" : "another verdict when the answers were swapped",
                new Judged.Orders(straight.choice().word(), swapped.choice().word()),
                swapped.version(),
                used);
    }

    private Reply asked(JudgeClient client, JudgeStats stats, boolean inThisOrder) {
        stats.questions.increment();
        Reply reply = client.ask(open, inThisOrder);
        usage = usage.plus(reply.usage());
        return reply;
    }

    /// An answer that is no choice ends it. So does an endpoint that fails on this question, or is silent
    /// on it, again and again; one that cannot be reached says nothing about the question.
    private Outcome withoutChoice(Reply reply, Reply.Usage used) {
        return switch (reply) {
            case Reply.NoChoice none -> over(none.reason(), used);
            case Reply.Trouble trouble -> {
                attempts += trouble.ofQuestion() ? 1 : 0;
                yield attempts < MOST_ATTEMPTS
                        ? new Outcome.Later(trouble.reason(), used)
                        : over(trouble.reason() + ", " + MOST_ATTEMPTS + " times", used);
            }
            case Reply.Said said -> throw new IllegalStateException("a choice is a choice: " + said);
        };
    }

    private Outcome over(String reason, Reply.Usage used) {
        Reply.Said straight = championFirst;
        return new Outcome.Over(
                null,
                reason,
                straight == null
                        ? Judged.Orders.NONE
                        : new Judged.Orders(straight.choice().word(), null),
                straight == null ? "" : straight.version(),
                used);
    }
}
