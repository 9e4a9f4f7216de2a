-- Why: drift names labels as the workload calls them, and says when a build is due for retraining by its age.
-- Operator impact: adds a column without default to a small table and two views; milliseconds.

ALTER TABLE controller.build ADD COLUMN trained_on date;

CREATE VIEW controller.published_workload AS
SELECT tenant, name AS workload, version, definition::jsonb AS definition, created_at
FROM controller.workload;

CREATE VIEW controller.published_build AS
SELECT tenant, name AS build, workload, artifacts::jsonb AS artifacts, quantization::jsonb AS quantization, trained_on,
       created_at
FROM controller.build;
