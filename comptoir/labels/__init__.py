"""Coloured words that members put on conversations."""
