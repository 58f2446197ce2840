"""The one named world of the spine's tests, and the spine wired up on it.

acme has the site `shop` with the visitors vera and vic, and the agents ann (owner) and bob. rival
is another workspace: whatever acme does must not reach it. Ids are the names.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.conversation.commands import (
    Assign,
    Close,
    Command,
    MarkRead,
    Open,
    Reopen,
    Request,
    SendMessage,
)
from chatserver.conversation.model import Actor, AuthorKind
from chatserver.conversation.outcome import Commit, Outcome
from chatserver.conversation.service import Conversations
from chatserver.conversation.transitions import Rules
from chatserver.identity import site_store, visitor_store, workspace_store
from chatserver.identity.model import Agent, Position, Role, Site, Visitor, Workspace
from chatserver.identity.person_store import memberships, people
from chatserver.ids import Ids
from chatserver.storage.database import Database
from chatserver.tasks import Supervisor
from tests.support.clock import FakeClock

BEGAN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)

VERA = Actor(AuthorKind.VISITOR, "vera", "Vera")
VIC = Actor(AuthorKind.VISITOR, "vic", None)
ANN = Actor(AuthorKind.AGENT, "ann", "Ann")
BOB = Actor(AuthorKind.AGENT, "bob", "Bob")
ROLF = Actor(AuthorKind.VISITOR, "rolf", "Rolf")
RITA = Actor(AuthorKind.AGENT, "rita", "Rita")

# Who is where: workspace, site, agents, visitors.
PLACES = {
    "acme": ("shop", (ANN, BOB), (VERA, VIC)),
    "rival": ("stall", (RITA,), (ROLF,)),
}
SITE_OF = {visitor.id: site for site, _, visitors in PLACES.values() for visitor in visitors}
WORKSPACE_OF = {
    actor.id: workspace
    for workspace, (_, agents, visitors) in PLACES.items()
    for actor in (*agents, *visitors)
}


class CountingIds:
    """Hands out `prefix-1`, `prefix-2` …: readable, and the same in every run."""

    def __init__(self, prefix: str = "id") -> None:
        self._prefix = prefix
        self._count = 0

    def new(self) -> str:
        self._count += 1
        return f"{self._prefix}-{self._count}"


async def furnish(database: Database) -> None:
    """Writes the named world into an empty, migrated database."""
    async with database.write() as connection:
        for name, (site_name, agents, visitors) in PLACES.items():
            await workspace_store.add(connection, Workspace(name, name.title(), BEGAN))
            await site_store.add(connection, site(site_name, name))
            for index, actor in enumerate(agents):
                role = Role.AGENT if index else Role.OWNER
                await _add_agent(connection, agent(actor, name, role))
            for actor in visitors:
                await visitor_store.add(connection, visitor(actor))


def site(site_id: str = "shop", workspace_id: str = "acme") -> Site:
    return Site(
        id=site_id,
        workspace_id=workspace_id,
        key=f"key-of-{site_id}",
        name=site_id.title(),
        color="#0055cc",
        position=Position.RIGHT,
        greeting="Hello",
        locale="auto",
        origins=("https://shop.example",),
        enabled=True,
        created_at=BEGAN,
    )


def agent(actor: Actor, workspace_id: str, role: Role) -> Agent:
    name = actor.id or ""
    email = f"{name}@{workspace_id}.example"
    return Agent(name, workspace_id, f"person-{name}", actor.name or "", email, role, False, BEGAN)


def visitor(actor: Actor) -> Visitor:
    name = actor.id or ""
    return Visitor(name, WORKSPACE_OF[name], SITE_OF[name], BEGAN, BEGAN, actor.name)


async def _add_agent(connection: AsyncConnection, one: Agent) -> None:
    person = {"id": one.person_id, "email": one.email, "name": one.name, "locale": "en"}
    member = {"id": one.id, "workspace_id": one.workspace_id, "person_id": one.person_id}
    await connection.execute(insert(people).values(**person, password_hash="!", created_at=BEGAN))
    values = {"role": one.role.value, "disabled": one.disabled, "created_at": BEGAN}
    await connection.execute(insert(memberships).values(**member, **values))


class Spine:
    """One node's conversations: commands in, commits out. Open it with `open_spine`.

    `told` takes functions that are told every commit, `commits` keeps them all.
    """

    def __init__(self, database: Database, clock: FakeClock, ids: Ids, rules: Rules) -> None:
        self.database = database
        self.clock = clock
        self.commits: list[Commit] = []
        self.told: list[Callable[[Commit], None]] = [self.commits.append]
        self.conversations = Conversations(
            database=database, clock=clock, ids=ids, rules=rules, announce=self._announce
        )
        self._sent = 0

    def _announce(self, commit: Commit) -> None:
        for listener in self.told:
            listener(commit)

    def request(
        self, actor: Actor, conversation_id: str, command: Command | Open | MarkRead, **more: str
    ) -> Request:
        return Request(WORKSPACE_OF[actor.id], conversation_id, actor, command, **more)

    def submit(
        self, actor: Actor, conversation_id: str, command: Command | Open | MarkRead, **more: str
    ) -> Awaitable[Outcome]:
        return self.conversations.submit(self.request(actor, conversation_id, command, **more))

    async def open(self, actor: Actor = VERA) -> str:
        """The id of the visitor's conversation."""
        command = Open(SITE_OF[actor.id], actor.id or "")
        return (await self.submit(actor, "", command)).state.id

    async def say(
        self,
        actor: Actor,
        conversation_id: str,
        text: str = "Hello",
        *,
        client_id: str | None = None,
        private: bool = False,
        quote: int | None = None,
    ) -> Outcome:
        self._sent += 1
        command = SendMessage(client_id or f"message-{self._sent}", text, private, quote=quote)
        return await self.submit(actor, conversation_id, command)

    async def take(self, actor: Actor, conversation_id: str) -> Outcome:
        return await self.submit(actor, conversation_id, Assign(actor.id, actor.name))

    async def close(self, actor: Actor, conversation_id: str, reason: str = "agent") -> Outcome:
        return await self.submit(actor, conversation_id, Close(reason))

    async def reopen(self, actor: Actor, conversation_id: str) -> Outcome:
        return await self.submit(actor, conversation_id, Reopen())

    async def read(self, actor: Actor, conversation_id: str, seq: int) -> Outcome:
        return await self.submit(actor, conversation_id, MarkRead(seq))


@asynccontextmanager
async def open_spine(
    database: Database, clock: FakeClock, *, name: str = "c", rules: Rules | None = None
) -> AsyncIterator[Spine]:
    """A running `Conversations`; its conversations are called `name-1`, `name-2` …"""
    spine = Spine(database, clock, CountingIds(name), rules or Rules())
    supervisor = Supervisor()
    supervisor.keep("commits", spine.conversations.run)
    try:
        yield spine
    finally:
        await supervisor.close()
