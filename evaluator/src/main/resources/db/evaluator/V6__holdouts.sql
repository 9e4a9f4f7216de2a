-- Why: answers to reference sets, which are never traffic, say how accurate a build is over time.
-- Operator impact: creates a table and a view; touches nothing that exists; milliseconds.

CREATE TABLE evaluator.holdout (
    writer                integer NOT NULL,
    tenant                text    NOT NULL,
    workload              text    NOT NULL,
    build                 text    NOT NULL,
    reference             text    NOT NULL,
    answers               bigint  NOT NULL,
    correct               bigint  NOT NULL,
    failed                bigint  NOT NULL,
    entropies             bigint  NOT NULL,
    entropy_milli         bigint  NOT NULL,
    entropy_milli_squares bigint  NOT NULL,
    PRIMARY KEY (writer, tenant, workload, build, reference)
) WITH (fillfactor = 50);

COMMENT ON TABLE evaluator.holdout IS
    'All answers of a build to a reference set that a book ever counted. Entropies are of the answers that state one, in'
    ' thousandths of a nat.';

CREATE VIEW evaluator.published_holdout AS
SELECT tenant, workload, build, reference, sum(answers)::bigint AS answers, sum(correct)::bigint AS correct,
       sum(failed)::bigint AS failed, sum(entropies)::bigint AS entropies, sum(entropy_milli)::bigint AS entropy_milli,
       sum(entropy_milli_squares)::bigint AS entropy_milli_squares
  FROM evaluator.holdout
 GROUP BY tenant, workload, build, reference;
