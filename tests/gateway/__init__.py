"""What comes in is kept before it is understood; what goes out leaves once: against a real Dovecot and a real SMTP server."""
