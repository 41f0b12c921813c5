"""Real servers for the tests, private to one run: Dovecot, an SMTP server, and an IMAP line that fails on demand.

Everything listens on free loopback ports, lives in a temporary directory and ends with the test process, even a killed
one.
"""
