"""The outbox: takes mails in their writer's transaction, and keeps them until they are sent."""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.errors import NotFound, RateLimited, Rejected
from chatserver.features.mail import store
from chatserver.features.mail.message import Sender, message_id, sender_of
from chatserver.features.mail.model import KEPT, Letter, Place, State
from chatserver.identity import record
from chatserver.identity.model import AgentSession
from chatserver.ids import Ids
from chatserver.mail import Mail, checked
from chatserver.storage import log, timers
from chatserver.storage.database import Database
from chatserver.storage.timers import Timer

SLICE = "mail"
HOUR = timedelta(hours=1)


class Outbox:
    """`sender` is None while mail is not configured: nothing is taken then."""

    def __init__(self, *, database: Database, clock: Clock, ids: Ids, settings: Settings) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._settings = settings
        self.sender: Sender | None = sender_of(settings.mail_from) if settings.smtp_host else None

    async def send(self, connection: AsyncConnection, workspace_id: str, mail: Mail) -> Letter:
        """Takes a mail if the transaction commits. Raises Rejected, Invalid or RateLimited before
        it wrote anything."""
        if self.sender is None:
            raise Rejected("mail is not configured")
        mail, now = checked(mail), self._clock.now()
        await self._check_limits(connection, workspace_id, mail.to, now)
        letter_id = self._ids.new()
        letter = Letter(
            id=letter_id,
            workspace_id=workspace_id,
            kind=mail.kind,
            recipient=mail.to,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            headers=dict(mail.headers),
            message_id=message_id(letter_id, self.sender),
            state=State.QUEUED,
            attempts=0,
            next_at=now,
            error="",
            created_at=now,
            updated_at=now,
        )
        await store.sweep(connection, workspace_id, now - KEPT)
        await store.add(connection, letter)
        await schedule(connection, letter, now)
        return letter

    async def list(
        self, by: AgentSession, state: State | None, *, after: Place | None, limit: int
    ) -> list[Letter]:
        async with self._database.read() as connection:
            return await store.list_letters(
                connection, by.workspace_id, state, after=after, limit=limit
            )

    async def counts(self, by: AgentSession) -> dict[str, int]:
        async with self._database.read() as connection:
            return await store.count_by_state(connection, by.workspace_id)

    async def numbers(self) -> tuple[dict[str, int], float]:
        """Mails by state, and for how many seconds the oldest one waits, of all workspaces."""
        async with self._database.read() as connection:
            counted = await store.count_everywhere(connection)
            since = await store.waiting_since(connection)
        return counted, (self._clock.now() - since).total_seconds() if since else 0.0

    async def retry(self, by: AgentSession, letter_id: str) -> Letter:
        """Tries at once, and as often as a new mail. Raises NotFound, or Rejected when it was
        sent: nobody gets a mail twice because of a click."""
        now = self._clock.now()
        async with self._database.write() as connection:
            letter = await store.find(connection, by.workspace_id, letter_id)
            if letter is None:
                raise NotFound
            if letter.state is State.SENT:
                raise Rejected("this mail was sent")
            again = msgspec.structs.replace(
                letter, state=State.QUEUED, attempts=0, next_at=now, updated_at=now
            )
            await store.replace(connection, again)
            await schedule(connection, again, now)
            await self._record(connection, by, letter_id, "retried")
        return again

    async def discard(self, by: AgentSession, letter_id: str) -> None:
        """Raises NotFound. What is being handed to the server this moment may still arrive."""
        async with self._database.write() as connection:
            if not await store.remove(connection, by.workspace_id, letter_id):
                raise NotFound
            await timers.cancel(connection, SLICE, letter_id)
            await self._record(connection, by, letter_id, "discarded")

    async def _check_limits(
        self, connection: AsyncConnection, workspace_id: str, recipient: str, now: datetime
    ) -> None:
        """Counts what was written in the last hour, not what arrived."""
        for most, address in (
            (self._settings.mail_recipient_hour, recipient),
            (self._settings.mail_workspace_hour, None),
        ):
            sent = await store.count_since(connection, workspace_id, now - HOUR, address)
            if most and sent >= most:
                raise RateLimited("too many mails in an hour", retry_after=HOUR.total_seconds())

    async def _record(
        self, connection: AsyncConnection, by: AgentSession, letter_id: str, change: str
    ) -> None:
        fact = record.entry(
            f"mail.{change}",
            workspace_id=by.workspace_id,
            by=by.agent_id,
            at=self._clock.now(),
            mail=letter_id,
        )
        await log.append(connection, [fact])


async def schedule(connection: AsyncConnection, letter: Letter, due_at: datetime) -> None:
    """The one timer of a letter; it rings until the letter is sent, given up or discarded."""
    timer = Timer(
        id=f"{SLICE}-{letter.id}",
        workspace_id=letter.workspace_id,
        slice=SLICE,
        key=letter.id,
        due_at=due_at,
        payload="",
    )
    await timers.schedule(connection, timer)
