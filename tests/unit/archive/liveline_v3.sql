CREATE TABLE IF NOT EXISTS log (
    identity TEXT NOT NULL,
    version INTEGER NOT NULL
);
-- One row a partition: the history from `floor` up to `next` is complete.
CREATE TABLE IF NOT EXISTS positions (
    partition INTEGER PRIMARY KEY,
    floor INTEGER NOT NULL,
    next INTEGER NOT NULL
);
-- Every revision; `seq` is the order in which the gateway read them.
CREATE TABLE IF NOT EXISTS revisions (
    seq INTEGER PRIMARY KEY,
    partition INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    timestamp INTEGER NOT NULL,
    coverage_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    value BLOB NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS revisions_by_offset ON revisions (partition, offset);
CREATE INDEX IF NOT EXISTS revisions_by_coverage ON revisions (coverage_id, seq);
CREATE INDEX IF NOT EXISTS revisions_by_entry ON revisions (entry_id, seq);
CREATE INDEX IF NOT EXISTS revisions_by_time ON revisions (partition, timestamp);
-- When each coverage began: it stays, also when its first entries are retracted or pruned.
CREATE TABLE IF NOT EXISTS coverages (
    coverage_id TEXT PRIMARY KEY,
    started INTEGER NOT NULL
);
-- Entries that had figures in any revision.
CREATE TABLE IF NOT EXISTS figures (
    coverage_id TEXT NOT NULL,
    entry_id TEXT NOT NULL,
    PRIMARY KEY (coverage_id, entry_id)
) WITHOUT ROWID;
-- The words of each entry that stands, folded as `streams.archive.folding` says; its rowid is the entry's number.
CREATE VIRTUAL TABLE IF NOT EXISTS found USING fts5 (
    headline, summary, body, authors, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
);
-- The newest revision of each entry; `number` is the order in which the entries appeared and never changes.
CREATE TABLE IF NOT EXISTS entries (
    number INTEGER PRIMARY KEY,
    entry_id TEXT NOT NULL UNIQUE,
    coverage_id TEXT NOT NULL,
    newest INTEGER NOT NULL REFERENCES revisions (seq)
);
CREATE INDEX IF NOT EXISTS entries_by_coverage ON entries (coverage_id, number);
