"""Contacts, and the identities they write from."""
