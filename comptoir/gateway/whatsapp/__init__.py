"""Connecting numbers: the doors that ask a provider before they answer."""
