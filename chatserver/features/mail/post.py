"""Carries letters from the outbox to the mail server: at least once, always as the same message.

A timer of the runner hands a letter over and sets itself anew, so that a letter whose process died
comes back. The server is asked outside of any transaction; what it said is written in a new one.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.errors import Unavailable
from chatserver.features.mail import store
from chatserver.features.mail.message import to_bytes
from chatserver.features.mail.model import BACKOFF, LOST, Failure, Letter, NoServer, State, retry_at
from chatserver.features.mail.outbox import SLICE, Outbox, schedule
from chatserver.features.mail.smtp import Smtp
from chatserver.storage import timers
from chatserver.storage.database import Database
from chatserver.storage.timers import Timer

logger = structlog.get_logger(__name__)

# Letters in hand. Behind them the outbox is the queue; what finds no room comes again soon.
MOST_IN_HAND = 100
SOON = timedelta(seconds=30)
# Without a server in the settings nothing is tried and nothing is lost.
UNCONFIGURED = timedelta(hours=1)

Address = tuple[str, str]  # workspace and letter
T = TypeVar("T")


class Post:
    """`run()` it on every node; only the node whose runner holds the lease is handed letters."""

    def __init__(self, *, database: Database, clock: Clock, outbox: Outbox, smtp: Smtp) -> None:
        self._database = database
        self._clock = clock
        self._outbox = outbox
        self._smtp = smtp
        self._in_hand: dict[Address, None] = {}  # in the order they were taken
        self._news = asyncio.Event()

    async def on_timer(self, connection: AsyncConnection, timer: Timer) -> None:
        """Takes the letter in hand, and makes sure that it is asked for again."""
        letter = await store.find(connection, timer.workspace_id, timer.key)
        if letter is None or letter.state is not State.QUEUED:
            return
        now, address = self._clock.now(), (letter.workspace_id, letter.id)
        if self._outbox.sender is None:
            await schedule(connection, letter, now + UNCONFIGURED)
            return
        if address in self._in_hand or len(self._in_hand) >= MOST_IN_HAND:
            await schedule(connection, letter, now + SOON)
        elif letter.attempts > len(BACKOFF):
            await self._leave(connection, letter, None, "the service stopped during every try")
        else:
            tried = msgspec.structs.replace(letter, attempts=letter.attempts + 1)
            await self._leave(connection, tried, now + LOST, letter.error)
            self._in_hand[address] = None
        self._news.set()

    async def run(self) -> None:
        """Carries for as long as the process lives."""
        while not _is_stopping():
            await self._news.wait()
            self._news.clear()
            await self.carry_all()

    async def carry_all(self) -> None:
        """Everything in hand, over one connection where the server bears with it. What waits behind
        a server that does not answer has been tried too."""
        down: Failure | None = None
        try:
            while self._in_hand and not _is_stopping():
                failure = await self._carry(next(iter(self._in_hand)), down)
                down = failure if isinstance(failure, NoServer) else None
        finally:
            await self._smtp.close()

    async def _carry(self, address: Address, down: Failure | None) -> Failure | None:
        try:
            letter = await _patiently(lambda: self._find(address))
            if letter is None or letter.state is not State.QUEUED:
                return down
            failure = down or await self._try(letter)
            await _patiently(lambda: self._note(address, failure))
            return failure
        finally:
            del self._in_hand[address]

    async def _find(self, address: Address) -> Letter | None:
        async with self._database.read() as connection:
            return await store.find(connection, *address)

    async def _note(self, address: Address, failure: Failure | None) -> None:
        async with self._database.write() as connection:
            await self._settle(connection, address, failure)

    async def _try(self, letter: Letter) -> Failure | None:
        sender = self._outbox.sender
        assert sender is not None
        try:
            message = to_bytes(letter, sender)
            await self._smtp.deliver(sender.address, letter.recipient, message)
        except Failure as failure:
            return failure
        return None

    async def _settle(
        self, connection: AsyncConnection, address: Address, failure: Failure | None
    ) -> None:
        letter = await store.find(connection, *address)
        if letter is None:  # discarded meanwhile
            return
        if failure is None:
            await self._sent(connection, letter)
            return
        logger.warning(
            "mail not sent",
            mail=letter.id,
            attempts=letter.attempts,
            final=failure.is_final,
        )
        until = retry_at(letter.attempts, failure, self._clock.now())
        await self._leave(connection, letter, until, str(failure))

    async def _sent(self, connection: AsyncConnection, letter: Letter) -> None:
        """The words go at once: an invitation holds a key to the house."""
        sent = msgspec.structs.replace(
            letter,
            text="",
            html="",
            state=State.SENT,
            next_at=None,
            error="",
            updated_at=self._clock.now(),
        )
        await store.replace(connection, sent)
        await timers.cancel(connection, SLICE, letter.id)

    async def _leave(
        self, connection: AsyncConnection, letter: Letter, until: datetime | None, error: str
    ) -> None:
        """To be tried again, or never by itself."""
        left = msgspec.structs.replace(
            letter,
            state=State.FAILED if until is None else State.QUEUED,
            next_at=until,
            error=error,
            updated_at=self._clock.now(),
        )
        await store.replace(connection, left)
        await timers.cancel(connection, SLICE, letter.id)
        if until is not None:
            await schedule(connection, left, until)


async def _patiently(work: Callable[[], Awaitable[T]]) -> T:
    """Again and again while the database cannot: what the mail server said is known to us alone,
    and a letter of which it is forgotten goes out once more."""
    while True:
        try:
            return await work()
        except Unavailable as error:
            await asyncio.sleep(error.retry_after or 1)


def _is_stopping() -> bool:
    """Whether this task was cancelled: asyncio.wait_for of Python 3.11, with which the client waits
    for the server, loses a cancellation that comes together with the answer."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
