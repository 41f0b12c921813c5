"""A mailbox without a server: what the sample data is answered through. Nothing leaves the machine."""

from comptoir.providers.demo.provider import DemoProvider

__all__ = ["DemoProvider"]
