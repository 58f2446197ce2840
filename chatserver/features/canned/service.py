"""What agents do with canned replies: find, add, change, remove; each change is a fact."""

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.errors import Conflict, Invalid, NotFound, Rejected
from chatserver.features.canned import store
from chatserver.features.canned.model import (
    PER_WORKSPACE,
    CannedReply,
    Draft,
    Place,
    checked,
    fold,
)
from chatserver.identity import record
from chatserver.identity.model import AgentSession
from chatserver.ids import Ids
from chatserver.storage import log
from chatserver.storage.database import Database

# A search is typed by a person: what is longer was pasted, and costs a scan per word.
QUERY_CHARS = 200
QUERY_WORDS = 8


class CannedReplies:
    """The use cases. An agent sees and changes the replies of their own workspace only."""

    def __init__(self, *, database: Database, clock: Clock, ids: Ids) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids

    async def search(
        self, by: AgentSession, query: str, *, after: Place | None, limit: int
    ) -> list[tuple[CannedReply, Place]]:
        """Best match first; all of them for an empty query. The mark `/` or `#` may lead it."""
        words = fold(query[:QUERY_CHARS]).lstrip("/#").split()[:QUERY_WORDS]
        async with self._database.read() as connection:
            return await store.search(connection, by.workspace_id, words, after=after, limit=limit)

    async def add(self, by: AgentSession, draft: Draft) -> CannedReply:
        """Raises Invalid, or Rejected when the workspace is full."""
        tidy, now = checked(draft), self._clock.now()
        reply = CannedReply(
            id=self._ids.new(),
            workspace_id=by.workspace_id,
            shortcut=tidy.shortcut,
            title=tidy.title,
            text=tidy.text,
            version=1,
            created_at=now,
            created_by=by.agent_id,
            updated_at=now,
            updated_by=by.agent_id,
        )
        async with self._database.write() as connection:
            if await store.count(connection, by.workspace_id) >= PER_WORKSPACE:
                raise Rejected(f"a workspace holds at most {PER_WORKSPACE} canned replies")
            await store.add(connection, reply)
            await self._record(connection, by, reply, "added")
        return reply

    async def ensure(self, by: AgentSession, shortcut: str, title: str, text: str) -> None:
        """Adds a reply unless its shortcut exists: for seeding, and safe to repeat."""
        try:
            await self.add(by, Draft(shortcut, title, text))
        except Invalid as error:
            if error.fields != {"shortcut": "taken"}:
                raise

    async def change(
        self, by: AgentSession, reply_id: str, draft: Draft, version: int
    ) -> CannedReply:
        """Raises NotFound, Invalid, or Conflict when `version` is not the newest."""
        tidy = checked(draft)
        async with self._database.write() as connection:
            old = await store.find(connection, by.workspace_id, reply_id)
            if old is None:
                raise NotFound
            reply = msgspec.structs.replace(
                old,
                shortcut=tidy.shortcut,
                title=tidy.title,
                text=tidy.text,
                version=version + 1,
                updated_at=self._clock.now(),
                updated_by=by.agent_id,
            )
            if not await store.replace(connection, reply, version):
                raise Conflict("somebody else changed this reply; look at it again")
            await self._record(connection, by, reply, "changed")
        return reply

    async def remove(self, by: AgentSession, reply_id: str) -> None:
        """Raises NotFound."""
        async with self._database.write() as connection:
            reply = await store.find(connection, by.workspace_id, reply_id)
            if reply is None or not await store.remove(connection, by.workspace_id, reply_id):
                raise NotFound
            await self._record(connection, by, reply, "removed")

    async def _record(
        self, connection: AsyncConnection, by: AgentSession, reply: CannedReply, change: str
    ) -> None:
        """The fact names the reply and never holds its words."""
        entry = record.entry(
            "canned.changed",
            workspace_id=by.workspace_id,
            by=by.agent_id,
            at=self._clock.now(),
            canned=reply.id,
            change=change,
        )
        await log.append(connection, [entry])
