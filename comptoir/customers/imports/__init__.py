"""Bring in a file of customers or of documents: read, match its columns, look, run, look at what went wrong."""
