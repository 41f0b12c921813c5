"""Comptoir: every e-mail and every WhatsApp message that a company receives, in one place."""

__version__ = "0.1.0"
