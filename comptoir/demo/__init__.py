"""A named cast and a living inbox, for newcomers and for tests."""
