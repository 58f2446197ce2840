"""Links to files, and the files behind them. Access is asked for twice: when a link is made, and
each time somebody follows it."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from msgspec import Struct

from chatserver.clock import Clock
from chatserver.conversation.files import StoredFile
from chatserver.conversation.projection import stamp
from chatserver.errors import NotFound
from chatserver.features.uploads import store
from chatserver.features.uploads.disk import Disk
from chatserver.features.uploads.links import Links, Wanted
from chatserver.features.uploads.model import Principal, Variant, may_see
from chatserver.identity.permissions import may
from chatserver.identity.service import Identity
from chatserver.storage.database import Database

READ = "conversation.read"


class Link(Struct, frozen=True, omit_defaults=True):
    """`preview` is there for pictures."""

    url: str
    expires_at: str
    preview: str | None = None


class Opened(Struct, frozen=True):
    """A file to be sent: `type` and `path` are those of the variant."""

    name: str
    type: str
    path: Path


class Access:
    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        identity: Identity,
        disk: Disk,
        links: Links,
        reopen_within: timedelta,
    ) -> None:
        self._database = database
        self._clock = clock
        self._identity = identity
        self._disk = disk
        self._links = links
        self._reopen_within = reopen_within

    async def links(self, who: Principal, ids: Sequence[str]) -> dict[str, Link]:
        """A link for each file that may be had; the others are left out."""
        expires_at = self._links.expiry()
        return {
            file.id: Link(
                url=self._links.address(Wanted(file.id, Variant.WHOLE, who), expires_at),
                expires_at=stamp(expires_at),
                preview=self._links.address(Wanted(file.id, Variant.PREVIEW, who), expires_at)
                if file.preview_bytes
                else None,
            )
            for file in await self._visible(who, ids)
        }

    async def open(self, key: str) -> Opened:
        """Raises NotFound, whatever the reason is."""
        wanted = self._links.read(key)
        if wanted is None or not await self._still_stands(wanted.who):
            raise NotFound
        found = await self._visible(wanted.who, [wanted.file_id])
        if not found:
            raise NotFound
        file = found[0]
        if wanted.variant is Variant.WHOLE:
            return Opened(file.name, file.type, self._disk.path(file.workspace_id, file.id))
        if not file.preview_bytes:
            raise NotFound
        return Opened(file.name, "image/webp", self._disk.preview(file.workspace_id, file.id))

    async def _visible(self, who: Principal, ids: Sequence[str]) -> list[StoredFile]:
        async with self._database.read() as connection:
            placed = await store.find(connection, who.workspace_id, ids)
        now = self._clock.now()
        return [one.file for one in placed if may_see(who, one, now, self._reopen_within)]

    async def _still_stands(self, who: Principal) -> bool:
        """Whether somebody who got a link may still ask for anything."""
        if who.is_visitor:
            visitors = self._identity.visitors
            return await visitors.is_welcome(who.workspace_id, who.actor.id or "")
        session = await self._identity.sessions.current(who.session_id)
        return session is not None and session.agent_id == who.actor.id and may(session.role, READ)
