"""Work that happens after a commit: one port, an engine for SQLite, an engine for PostgreSQL, one set of promises."""
