"""Hands that work over HTTP until the server is gone, and remember every word it gave them."""

from __future__ import annotations

import http.client
import threading
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any

from bench import master
from bench.clients import Client, UnexpectedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

COMPLETE = "/api/v1/batches/complete_step"
UNTAKEN = 503
"""The database did not take it: the same act, by its id, may be sent again."""
GONE = (OSError, http.client.HTTPException)
Event = tuple[int, str, int, str]
"""Number, stream, version and hash of an event, as a receipt names it."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """An act that the server said was recorded."""

    command_id: str
    batch_id: str
    step_id: str
    events: tuple[Event, ...]
    replayed: bool
    asked: int = 1
    """How often since the server started: what was answered by "not now" is asked again."""


@dataclass(slots=True)
class Hand:
    """One person at work, across restarts of the server.

    Attributes:
        token: Of the person.
        password: For signed steps; empty for one who does unsigned ones.
        queue: Batches to do; the first is the one at hand.
        done: Measured steps done of the batch at hand.
        sent: The act that went out and was not answered; sent again after a restart.
        acknowledged: Every act that was answered since the last check.
    """

    token: str
    password: str
    queue: deque[str] = field(default_factory=deque)
    done: int = 0
    sent: dict[str, Any] | None = None
    acknowledged: list[Acknowledged] = field(default_factory=list)

    def work(self, port: int, stop: threading.Event) -> None:
        """Do steps until told to stop or until nobody answers."""
        client = Client(port, self.token)
        try:
            while not stop.is_set() and self.queue:
                self._one(client)
        except GONE:
            return

    def _one(self, client: Client) -> None:
        if self.sent is None:
            body = self._next()
            if self.password:
                body["signing"] = _until_taken(
                    lambda: client.signing(COMPLETE, body, self.password)
                )[0]
            self.sent = body
        sent = self.sent
        answer, asked = _until_taken(lambda: client.send("POST", COMPLETE, sent))
        self.acknowledged.append(
            Acknowledged(
                answer["command_id"],
                self.sent["batch_id"],
                self.sent["step_id"],
                tuple((e["seq"], e["stream"], e["version"], e["hash"]) for e in answer["events"]),
                bool(answer["replayed"]),
                asked,
            )
        )
        self.sent = None
        self.done += 1
        if self.done == master.STEPS:
            self.queue.popleft()
            self.done = 0

    def _next(self) -> dict[str, Any]:
        from daytwo.kernel.ids import new_id  # noqa: PLC0415 - after setup

        number = self.done + 1
        return {
            "command_id": new_id(),
            "batch_id": self.queue[0],
            "step_id": master.step_id(number),
            "entry": master.entry(number),
        }


def _until_taken(send: Callable[[], Any]) -> tuple[Any, int]:
    """Send until the server does not say that the database did not take it; also how often."""
    for asked in count(1):
        try:
            return send(), asked
        except UnexpectedError as refused:
            if refused.status != UNTAKEN:
                raise
    raise AssertionError


class Load:
    """All hands at once, each in a thread of its own."""

    def __init__(self, hands: Iterable[Hand], port: int) -> None:
        """Start them."""
        self._stop = threading.Event()
        self._failed: list[BaseException] = []
        self._threads = [
            threading.Thread(target=self._work, args=(hand, port), daemon=True) for hand in hands
        ]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Wait for all of them.

        Raises:
            RuntimeError: The server refused what it should have taken.
        """
        self._stop.set()
        for thread in self._threads:
            thread.join()
        if self._failed:
            raise self._failed[0]

    def _work(self, hand: Hand, port: int) -> None:
        try:
            hand.work(port, self._stop)
        except BaseException as error:  # noqa: BLE001 - told at the end, by the thread that asked
            self._failed.append(error)
