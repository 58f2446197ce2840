"""Read marks on their way into the store. Nobody waits for one and nobody sends it again, so one
that could not be stored is kept here, though its reader may long be gone."""

import asyncio

from chatserver.conversation.commands import Request
from chatserver.conversation.outcome import Outcome
from chatserver.conversation.service import Conversations
from chatserver.errors import ChatError
from chatserver.storage.guard import Guard

# Marks that wait for the store; of more than that the oldest is given up. Half a kilobyte each.
KEPT = 10_000

Key = tuple[str, str | None]


class Marks:
    """Of one process. Ring `ticked` once a second."""

    def __init__(self, conversations: Conversations, guard: Guard) -> None:
        self._conversations = conversations
        self._guard = guard
        self._kept: dict[Key, Request] = {}

    @property
    def waiting(self) -> int:
        return len(self._kept)

    def submit(self, request: Request) -> None:
        """Stores it now, or as soon as the store takes it. Others hear of it from the commit."""
        try:
            future = self._conversations.submit(request)
        except ChatError as error:
            self._failed(request, error)
        else:
            future.add_done_callback(lambda done: self._submitted(request, done))

    def ticked(self, _now: float) -> None:
        if self._kept and self._guard.condition.trouble is None:
            kept, self._kept = self._kept, {}
            for request in kept.values():
                self.submit(request)

    def _submitted(self, request: Request, done: "asyncio.Future[Outcome]") -> None:
        if not done.cancelled() and (error := done.exception()) is not None:
            self._failed(request, error)

    def _failed(self, request: Request, error: BaseException) -> None:
        """The newest of a reader and a conversation says it all."""
        if isinstance(error, ChatError) and error.temporary:
            self._kept[request.conversation_id, request.actor.id] = request
            if len(self._kept) > KEPT:
                self._kept.pop(next(iter(self._kept)))
