"""Fixtures for every test: the rig (real servers on loopback) and the house (our own code on both stores)."""

pytest_plugins = ["tests.rig.fixtures", "tests.house", "tests.sample"]
