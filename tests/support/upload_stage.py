"""A furnished installation whose visitors and agents upload: real doors, a clock to be turned."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from chatserver.conversation.batch import Batch
from chatserver.conversation.commands import Close, Command, Open, Request, SendMessage
from chatserver.conversation.model import Actor, AuthorKind, Conversation
from chatserver.conversation.transitions import Rules
from chatserver.errors import ChatError
from chatserver.features.uploads.sweeper import Sweeper
from chatserver.identity.model import Arrival, SiteFields
from tests.support.doors import House, open_acme
from tests.support.uploads import Uploader


@dataclass
class Guest(Uploader):
    """A visitor's tab."""

    arrival: Arrival

    @property
    def actor(self) -> Actor:
        return Actor(AuthorKind.VISITOR, self.arrival.visitor.id)


@dataclass
class Stage:
    house: House
    folder: Path
    exits: AsyncExitStack
    sent: int = 0

    @property
    def sweeper(self) -> Sweeper:
        return self.house.files.sweeper

    async def guest(self, workspace_id: str = "acme") -> Guest:
        arrival = await self.house.identity.visitors.arrive(self.house.sites[workspace_id].key)
        bearer = {"Authorization": f"Bearer {arrival.token}"}
        client = await self.exits.enter_async_context(self.house.browser(**bearer))
        return Guest(client, "visitor", arrival)

    async def staff(self, name: str = "ann") -> Uploader:
        client = await self.exits.enter_async_context(self.house.browser(name))
        return Uploader(client, "agent")

    async def do(
        self, actor: Actor, command: Command | Open, conversation_id: str = ""
    ) -> Conversation:
        """One command, now."""
        house = self.house
        async with house.database.write() as connection:
            batch = Batch(connection, at=house.clock.now(), ids=house.ids, rules=Rules())
            request = Request("acme", conversation_id, actor, command)
            outcome = (await batch.run([request]))[0]
            if isinstance(outcome, ChatError):
                raise outcome
            await batch.save()
        return outcome.state

    async def open(self, guest: Guest) -> str:
        visitor = guest.arrival.visitor
        return (await self.do(guest.actor, Open(visitor.site_id, visitor.id))).id

    async def send(self, actor: Actor, chat: str, *files: str, private: bool = False) -> None:
        self.sent += 1
        await self.do(actor, SendMessage(f"m{self.sent}", "", private, files), chat)

    async def close(self, chat: str) -> None:
        await self.do(self.ann, Close("agent"), chat)

    @property
    def ann(self) -> Actor:
        return Actor(AuthorKind.AGENT, self.house.agents["ann"].id, "Ann")

    async def switch_site(self, *, enabled: bool) -> None:
        _, session = await self.house.session("olga")
        fields = SiteFields(enabled=enabled)
        await self.house.identity.sites.change(session, self.house.sites["acme"].id, fields)

    def on_disk(self) -> list[Path]:
        """Every file below the folder of uploads."""
        return sorted(path for path in (self.folder / "uploads").rglob("*") if path.is_file())

    def age(self, path: Path, *, hours: float) -> None:
        """As if it had been written that long ago, by the stage's clock."""
        then = self.house.clock.now().timestamp() - hours * 3600
        os.utime(path, (then, then))


@asynccontextmanager
async def open_stage(folder: Path, **settings: object) -> AsyncIterator[Stage]:
    async with AsyncExitStack() as exits:
        house = await exits.enter_async_context(
            open_acme(folder, **{"upload_spare_bytes": 0, **settings})
        )
        yield Stage(house, folder, exits)
