"""The kinds of channel that Comptoir speaks, by the name a channel stores.

Adding one is a folder here and a line in this table; nothing else in the product knows the list.
"""

from collections.abc import Mapping

from comptoir.channels.port import NumberProvider, Provider
from comptoir.providers.demo.provider import DemoProvider
from comptoir.providers.imap.provider import ImapProvider
from comptoir.providers.meta.provider import MetaProvider
from comptoir.providers.twilio.provider import TwilioProvider

PROVIDERS: Mapping[str, Provider] = {"imap": ImapProvider(), "demo": DemoProvider()}
NUMBERS: Mapping[str, NumberProvider] = {"meta": MetaProvider(), "twilio": TwilioProvider()}
