"""Sets a timer behind whatever happens in a chat, and closes the chat when it rings in silence."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.conversation import fact_store, store
from chatserver.conversation.commands import Close, Request
from chatserver.conversation.model import SYSTEM, Conversation, Phase
from chatserver.conversation.outcome import Outcome
from chatserver.conversation.service import Conversations
from chatserver.feature import Reactor
from chatserver.storage import timers
from chatserver.storage.log import Entry
from chatserver.storage.timers import Timer

SLICE = "idle"
# A visitor whom nobody has answered waits longer than one who fell silent: closing on them says
# that we never came. Three times the limit, then nobody is going to.
QUEUED_FACTOR = 3
# The close is committed after the transaction that decides it. Should the process die in between,
# the timer rings again after this long; the unique cause keeps a second close from acting.
RETRY = timedelta(minutes=5)


class IdleClose:
    """Nothing happened for `limit`: no message, no note, no change of hands."""

    def __init__(self, *, conversations: Conversations, clock: Clock, limit: timedelta) -> None:
        self._conversations = conversations
        self._clock = clock
        self._limit = limit

    @property
    def reactors(self) -> Mapping[str, Reactor]:
        """What only puts the close off needs no new timer: the old one rings, sees it, sleeps on.
        A write for every message would cost more than the message."""
        if not self._limit:
            return {}
        return {
            "conversation.opened": self.on_news,
            "conversation.assigned": self.on_news,  # who waited in the queue had longer
            "conversation.reopened": self.on_news,
            "conversation.closed": self.on_closed,
        }

    async def on_news(self, connection: AsyncConnection, entry: Entry) -> None:
        if entry.conversation_id is not None:
            due = self._passed(entry.at) + self._limit
            await _schedule(connection, entry.workspace_id, entry.conversation_id, due)

    async def on_closed(self, connection: AsyncConnection, entry: Entry) -> None:
        if entry.conversation_id is not None:
            await timers.cancel(connection, SLICE, entry.conversation_id)

    async def on_timer(self, connection: AsyncConnection, timer: Timer) -> None:
        """Closes if the row says so, sleeps on if something happened since, else forgets."""
        found = await store.load(connection, timer.workspace_id, [timer.key])
        state = found.get(timer.key)
        if state is None or state.phase is Phase.CLOSED or not self._limit:
            return
        due, now = await self._due(connection, state), self._clock.now()
        if due <= now:
            self._close(state)
            due = now + RETRY
        await _schedule(connection, state.workspace_id, state.id, due)

    async def _due(self, connection: AsyncConnection, state: Conversation) -> datetime:
        last = await fact_store.list_facts(
            connection, state.workspace_id, state.id, after=state.seq - 1, limit=1
        )
        factor = QUEUED_FACTOR if state.phase is Phase.QUEUED else 1
        return self._passed(last[0].at) + self._limit * factor

    def _passed(self, at: datetime) -> datetime:
        """What was written by a clock that was ahead happened just now at the latest."""
        return min(at, self._clock.now())

    def _close(self, state: Conversation) -> None:
        """Not awaited: the commit needs the writer that this transaction still holds."""
        request = Request(
            workspace_id=state.workspace_id,
            conversation_id=state.id,
            actor=SYSTEM,
            command=Close("idle", expect_seq=state.seq),
            cause=f"{SLICE}:{state.revision}",
        )
        self._conversations.submit(request).add_done_callback(_seen)


def _seen(future: "asyncio.Future[Outcome]") -> None:
    """A refusal needs no word: the timer rings again and looks at the row anew."""
    if not future.cancelled():
        future.exception()


async def _schedule(
    connection: AsyncConnection, workspace_id: str, conversation_id: str, due_at: datetime
) -> None:
    """The same id for the same conversation: a fact that is seen twice leaves the same row."""
    timer = Timer(
        id=f"{SLICE}-{conversation_id}",
        workspace_id=workspace_id,
        slice=SLICE,
        key=conversation_id,
        due_at=due_at,
        payload="",
    )
    await timers.schedule(connection, timer)
