"""Full-text search over every message, newest first, inside what a member may see: FTS5 on SQLite, tsvector on PostgreSQL."""
