-- A hub.db of schema version 1, as the program of that version wrote it.
PRAGMA journal_mode=WAL;
BEGIN;
CREATE TABLE instances (
    key               INTEGER PRIMARY KEY AUTOINCREMENT,
    id                TEXT NOT NULL UNIQUE,
    name              TEXT NOT NULL,
    status            INTEGER NOT NULL,  -- OrchestrationStatus
    generation        INTEGER NOT NULL,  -- grows with every continue-as-new
    execution         TEXT NOT NULL,     -- names the generation
    turn              INTEGER NOT NULL,  -- turns taken in this generation
    custom_status     TEXT,
    output            TEXT,
    failure           TEXT,
    parent            INTEGER,           -- who waits, in which generation, under which id
    parent_generation INTEGER,
    parent_task       INTEGER,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL,  -- the orchestration's clock: only grows
    completed_at      INTEGER
) STRICT;
CREATE INDEX instances_by_status ON instances (status, key);
CREATE INDEX instances_by_parent ON instances (parent) WHERE parent IS NOT NULL;
CREATE INDEX instances_by_end ON instances (completed_at) WHERE completed_at IS NOT NULL;

-- One row a turn: its new events and what it did, as HistoryJson.
CREATE TABLE history (
    instance INTEGER NOT NULL,
    turn     INTEGER NOT NULL,
    events   BLOB NOT NULL,
    PRIMARY KEY (instance, turn)
) STRICT, WITHOUT ROWID;

-- Events on their way to an instance, in order of arrival.
CREATE TABLE inbox (
    instance INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    event    BLOB NOT NULL,
    PRIMARY KEY (instance, seq)
) STRICT, WITHOUT ROWID;

-- Activities to be done, oldest first. A row goes when its answer is in the inbox.
CREATE TABLE tasks (
    seq        INTEGER PRIMARY KEY,
    instance   INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    task       INTEGER NOT NULL,
    name       TEXT NOT NULL,
    input      TEXT
) STRICT;

CREATE TABLE timers (
    due_at     INTEGER NOT NULL,
    instance   INTEGER NOT NULL,
    timer      INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    PRIMARY KEY (due_at, instance, timer, generation)
) STRICT, WITHOUT ROWID;

-- Delivery ids of raised events, by the instance's id, so that they outlive its purge.
CREATE TABLE deliveries (
    id        TEXT NOT NULL,
    delivery  TEXT NOT NULL,
    raised_at INTEGER NOT NULL,
    PRIMARY KEY (id, delivery)
) STRICT, WITHOUT ROWID;
CREATE INDEX deliveries_by_age ON deliveries (raised_at);
PRAGMA user_version=1;

INSERT INTO instances (key, id, name, status, generation, execution, turn, output, created_at, updated_at, completed_at)
VALUES (1, 'done', 'sums', 1, 0, 'run-00000000000000000000000001', 2, '7', 639000000000000000, 639000000000000000, 3100000000000000000);
INSERT INTO instances (key, id, name, status, generation, execution, turn, created_at, updated_at)
VALUES (2, 'waiting', 'sums', 0, 0, 'run-00000000000000000000000002', 1, 639000000000000000, 639000000000000000);
INSERT INTO history VALUES (1, 0, CAST('{"v":1,"events":[{"kind":"orchestrator-started","eventId":-1,"timestamp":"2027-03-01T09:00:00+00:00"},{"kind":"execution-started","name":"sums","input":"6","instanceId":"done","executionId":"run-00000000000000000000000001","eventId":-1,"timestamp":"2027-03-01T09:00:00+00:00"},{"kind":"task-scheduled","name":"add-one","input":"{\"call\":\"run-00000000000000000000000001.0\",\"attempt\":1,\"input\":6}","eventId":0,"timestamp":"2027-03-01T09:00:00+00:00"},{"kind":"orchestrator-completed","eventId":-1,"timestamp":"2027-03-01T09:00:00+00:00"}]}' AS BLOB));
INSERT INTO history VALUES (1, 1, CAST('{"v":1,"events":[{"kind":"orchestrator-started","eventId":-1,"timestamp":"2027-03-01T09:00:00+00:00"},{"kind":"task-completed","taskScheduledId":0,"result":"7","eventId":-1,"timestamp":"2027-03-01T09:00:00+00:00"},{"kind":"execution-completed","status":"completed","result":"7","eventId":1,"timestamp":"2027-03-01T09:00:00+00:00"},{"kind":"orchestrator-completed","eventId":-1,"timestamp":"2027-03-01T09:00:00+00:00"}]}' AS BLOB));
INSERT INTO history VALUES (2, 0, CAST('{"v":1,"events":[{"kind":"orchestrator-started","eventId":-1,"timestamp":"2027-03-01T09:00:00+00:00"},{"kind":"execution-started","name":"sums","input":"41","instanceId":"waiting","executionId":"run-00000000000000000000000002","eventId":-1,"timestamp":"2027-03-01T09:00:00+00:00"},{"kind":"task-scheduled","name":"add-one","input":"{\"call\":\"run-00000000000000000000000002.0\",\"attempt\":1,\"input\":41}","eventId":0,"timestamp":"2027-03-01T09:00:00+00:00"},{"kind":"orchestrator-completed","eventId":-1,"timestamp":"2027-03-01T09:00:00+00:00"}]}' AS BLOB));
INSERT INTO tasks (seq, instance, generation, task, name, input) VALUES (2, 2, 0, 0, 'add-one', '{"call":"run-00000000000000000000000002.0","attempt":1,"input":41}');
COMMIT;
