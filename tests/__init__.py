"""Tests of Comptoir: they mirror the rooms, and tell stories with the demo's cast."""
