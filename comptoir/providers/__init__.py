"""The kinds of channel that Comptoir speaks, by the name a channel stores.

Adding one is a folder here and a line in this table; nothing else in the product knows the list.
"""

from collections.abc import Mapping

from comptoir.channels.port import Provider
from comptoir.providers.demo.provider import DemoProvider
from comptoir.providers.imap.provider import ImapProvider

PROVIDERS: Mapping[str, Provider] = {"imap": ImapProvider(), "demo": DemoProvider()}
