"""Tokens: how another program of the company comes in, to keep the directory up to date and nothing else."""
