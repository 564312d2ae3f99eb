namespace PracticPro.Durable.Embedded;

/// <summary>
/// Tables of <c>hub.db</c>, version 2. Times are UTC ticks; <c>instance</c> is <c>instances.key</c>, which is never
/// used twice, so that a row left behind can never belong to a later instance.
/// </summary>
internal static class HubSchema
{
    public const long Version = 2;

    /// <summary>From version 1: nothing in it changes its meaning, so nothing is rewritten.</summary>
    public const string FromOne = """
        ALTER TABLE instances ADD COLUMN version TEXT;
        ALTER TABLE instances ADD COLUMN start_at INTEGER;
        ALTER TABLE instances ADD COLUMN span BLOB;
        ALTER TABLE tasks ADD COLUMN version TEXT;
        ALTER TABLE tasks ADD COLUMN notes TEXT;
        """;

    public const string Create = """
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
            completed_at      INTEGER,
            version           TEXT,
            start_at          INTEGER,           -- while it waits for the time it is to start at
            span              BLOB               -- what a foreign worker has us keep from turn to turn
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
            input      TEXT,
            version    TEXT,
            notes      TEXT                      -- EventNotes
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
        """;
}
