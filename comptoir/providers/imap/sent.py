"""The Sent folder of a watched mailbox: looked for at every resync, because a server may make it at the first mail sent.

A mailbox without one that we know is watched all the same, and its channel says so.
"""

from collections.abc import Callable

from comptoir.channels.port import Overseer, Watcher
from comptoir.providers.imap.catching_up import Folder
from comptoir.providers.imap.folders import sent_folder
from comptoir.providers.imap.reaching import Session


class SentFolder:
    """`known` is the folder, once found."""

    def __init__(self, wanted: str, watcher: Watcher, is_stopping: Callable[[], bool]) -> None:
        self.known: Folder | None = None
        self._wanted = wanted
        self._watcher = watcher
        self._is_stopping = is_stopping
        self._told: str | None = ""

    def find(self, session: Session) -> Folder | None:
        name = sent_folder(session, self._wanted)
        if name is None or name.upper() == "INBOX":
            self.known = None
        elif self.known is None or self.known.name != name:
            self.known = Folder(name, self._watcher, self._is_stopping, is_sent=True)
        if isinstance(self._watcher, Overseer) and self._told != name:
            self._watcher.sent_folder(name)
            self._told = name
        return self.known
