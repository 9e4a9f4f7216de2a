-- Why: who was right where the arms disagree, by a judge model or by people. A row of evaluator.judgement is at once the
-- record of what was asked and said, and what is yet to be sent to topic edgewise.feedback, where it is counted.
-- Operator impact: creates tables and a view; adds an index to evaluator.disagreement, whose writer (the keeper) waits as
-- long as it takes to read that table: a second per million rows.

CREATE INDEX disagreement_by_minute ON evaluator.disagreement (minute);

CREATE TABLE evaluator.judgement (
    tenant      text    NOT NULL,
    rollout     text    NOT NULL,
    minute      bigint  NOT NULL,
    chance      bigint  NOT NULL,
    source      text    NOT NULL CHECK (source IN ('judge', 'people')),
    workload    text    NOT NULL,
    stage       integer NOT NULL,
    cohort      integer NOT NULL,
    verdict     text    CHECK (verdict IN ('challenger', 'champion', 'tie', 'both-wrong')),
    reason      text    NOT NULL,
    champion_first   text,
    challenger_first text,
    judge       text    NOT NULL,
    prompt      text    NOT NULL,
    truth       text,
    tokens_in   bigint  NOT NULL,
    tokens_out  bigint  NOT NULL,
    cost_nanos  bigint  NOT NULL,
    currency    text    NOT NULL,
    price_card  text    NOT NULL,
    judged_at   timestamptz NOT NULL,
    token       bytea,
    source_epoch bigint,
    seq         bigint,
    sent_at     timestamptz,
    PRIMARY KEY (tenant, rollout, minute, chance, source),
    CHECK ((seq IS NULL) = (token IS NULL)),
    CHECK ((seq IS NULL) = (source_epoch IS NULL)),
    CHECK (seq IS NULL OR verdict IS NOT NULL)
) WITH (fillfactor = 80);

CREATE INDEX judgement_to_send ON evaluator.judgement (tenant, source, seq) WHERE seq IS NOT NULL AND sent_at IS NULL;
CREATE INDEX judgement_by_minute ON evaluator.judgement (minute);

COMMENT ON TABLE evaluator.judgement IS
    'One row per disagreement and who judged it. Without a verdict the reason says why there is none. Of the verdicts on'
    ' one disagreement the first has a seq and is counted; the others are here to compare.';

CREATE TABLE evaluator.verdict_source (
    tenant       text   NOT NULL,
    source       text   NOT NULL,
    source_epoch bigint NOT NULL,
    last_seq     bigint NOT NULL,
    PRIMARY KEY (tenant, source)
) WITH (fillfactor = 50);

COMMENT ON TABLE evaluator.verdict_source IS
    'The identity of verdicts as feedback: dense numbers, so that one that is sent twice is counted once.';

CREATE TABLE evaluator.judge_spending (
    tenant     text   NOT NULL,
    workload   text   NOT NULL,
    day        date   NOT NULL,
    currency   text   NOT NULL,
    cost_nanos bigint NOT NULL,
    PRIMARY KEY (tenant, workload, day, currency)
) WITH (fillfactor = 50);

COMMENT ON TABLE evaluator.judge_spending IS
    'What the judge cost on a UTC day. The most that a question may cost is added before it is asked, and what it did not'
    ' cost is taken off after: a crash between the two errs to the dear side.';

CREATE TABLE evaluator.judge_turn (
    place      integer PRIMARY KEY CHECK (place = 1),
    owner      uuid        NOT NULL,
    held_until timestamptz NOT NULL
) WITH (fillfactor = 20);

COMMENT ON TABLE evaluator.judge_turn IS
    'Which process asks the judge. Two that ask at once cost money and count nothing twice.';

CREATE VIEW evaluator.published_judgement AS
SELECT tenant, workload, rollout, minute, to_timestamp(minute * 60) AS at, stage, cohort, chance, source, verdict, reason,
       champion_first, challenger_first,
       CASE WHEN champion_first IS NULL OR challenger_first IS NULL THEN NULL
            ELSE (champion_first, challenger_first) IN (('1', '2'), ('2', '1'), ('tie', 'tie'), ('both-wrong', 'both-wrong'))
       END AS consistent,
       judge, prompt, truth, tokens_in, tokens_out, cost_nanos, currency, price_card, judged_at,
       seq IS NOT NULL AS counted, sent_at
  FROM evaluator.judgement;
