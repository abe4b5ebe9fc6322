-- How much is used, by what it is counted of, in hours, days, and ever since: sums of what came less what went.
CREATE TABLE cairn_usage (
    project BIGINT NOT NULL,
    subject TEXT NOT NULL,
    metric TEXT NOT NULL,
    step TEXT NOT NULL,
    began BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (project, subject, metric, step, began)
) WITHOUT ROWID;
