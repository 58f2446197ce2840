"""Questions and their answers: requests.ts. Trouble is an answer too."""

from collections.abc import Callable
from typing import Any

from chatserver.protocol.shared import Ok, Problem, Reply
from tests.prove.schedule import Clock, Entry, cancel

REPLY_MS = 10_000
MAX_WAITING = 10

DISCONNECTED = Problem("disconnected", "", True)
UNANSWERED = Problem("unanswered", "", True)
BUSY = Problem("busy", "", True)

Outcome = Ok | Problem
Then = Callable[[Outcome], None]


class Requests:
    def __init__(
        self, send: Callable[[Any], bool], on_silence: Callable[[], None], clock: Clock
    ) -> None:
        self._send, self._on_silence, self._clock = send, on_silence, clock
        self._waiting: dict[int, tuple[Then, Entry]] = {}
        self._last_id = 0

    def ask(self, build: Callable[[int], Any], then: Then) -> None:
        """Answers come after the present step, as promises do."""
        if len(self._waiting) >= MAX_WAITING:
            self._clock.soon(then, BUSY)
            return
        self._last_id += 1
        request_id = self._last_id
        timer = self._clock.later(REPLY_MS, self._silent, request_id)
        self._waiting[request_id] = (then, timer)
        if not self._send(build(request_id)):
            self._settle(request_id, DISCONNECTED)

    def answered(self, reply: Reply) -> None:
        self._settle(reply.id, reply.error or reply.ok or Ok())

    def disconnected(self) -> None:
        for request_id in list(self._waiting):
            self._settle(request_id, DISCONNECTED)

    def _silent(self, request_id: int) -> None:
        self._settle(request_id, UNANSWERED)
        self._on_silence()

    def _settle(self, request_id: int, outcome: Outcome) -> None:
        found = self._waiting.pop(request_id, None)
        if found is not None:
            then, timer = found
            cancel(timer)
            self._clock.soon(then, outcome)
