"""An open browser, as far as the stream is concerned: it keeps what frames put, and waits for what a test expects."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import httpx


class Follower:
    """Follows /api/stream in a thread, with the cookies of a signed-in client."""

    def __init__(self, client: httpx.Client, after: int | str | None = None) -> None:
        self.frames: list[dict[str, Any]] = []
        self.presences: list[dict[str, Any]] = []
        self.everywhere: list[list[dict[str, Any]]] = []  # what it was told on coming: who is where
        self.is_closed = False
        self._changed = threading.Condition()
        self._client = httpx.Client(base_url=client.base_url, cookies=client.cookies, timeout=httpx.Timeout(60))
        self._path = "/api/stream" if after is None else f"/api/stream?after={after}"
        self._thread = threading.Thread(target=self._follow, daemon=True)
        self._thread.start()
        self.wait_for(lambda: self.frames)

    @property
    def seq(self) -> int:
        return int(self.frames[-1]["seq"])

    def put(self, kind: str) -> list[dict[str, Any]]:
        """Everything of one kind that was put, oldest first."""
        return [thing for frame in self.frames for thing in frame["put"][kind]]

    def deliveries(self, message_id: int) -> list[str]:
        """The states of a reply, as they were told."""
        states = [message["delivery"] for message in self.put("messages") if message["id"] == message_id]
        return [state for number, state in enumerate(states) if number == 0 or state != states[number - 1]]

    def wait_for(self, true: Callable[[], Any], seconds: float = 15) -> Any:
        end = time.monotonic() + seconds
        with self._changed:
            while not (found := true()):
                left = end - time.monotonic()
                assert left > 0, f"not told in time; told: {self.frames[-3:]}"
                self._changed.wait(left)
            return found

    def close(self) -> None:
        self._client.close()

    def _follow(self) -> None:
        try:
            with self._client.stream("GET", self._path) as response:
                kind = ""
                for line in response.iter_lines():
                    if line.startswith("event: "):
                        kind = line[7:]
                    elif line.startswith("data: ") and line != "data: {}":
                        with self._changed:
                            told = {"presence": self.presences, "presences": self.everywhere}
                            told.get(kind, self.frames).append(json.loads(line[6:]))
                            self._changed.notify_all()
                    elif not line:
                        kind = ""
        except (httpx.TransportError, httpx.StreamError, RuntimeError):
            pass
        with self._changed:
            self.is_closed = True
            self._changed.notify_all()
