"""Whom to write to first: completed while it is typed, with the conversation that is there already."""
