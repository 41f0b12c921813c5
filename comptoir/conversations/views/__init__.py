"""Filters that are kept under a name: a member's own, or shared with the team."""
