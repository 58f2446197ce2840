"""The doors and reactors of slices, in front of the named world: the real guard and log."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2
from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from chatserver.broker.memory import MemoryBroker
from chatserver.config import Settings
from chatserver.conversation.batch import Batch
from chatserver.conversation.commands import Command, Open, Request
from chatserver.conversation.model import Actor, AuthorKind, Conversation
from chatserver.conversation.transitions import Rules
from chatserver.errors import ChatError
from chatserver.feature import Feature
from chatserver.identity import person_store, visitor_store
from chatserver.identity import service as identity
from chatserver.identity.model import Agent, AgentSession, Role, Site, Visitor
from chatserver.identity.passwords import Passwords
from chatserver.identity.service import Identity
from chatserver.ids import RandomIds
from chatserver.storage import log
from chatserver.storage.database import Database
from chatserver.web.edge import Edge
from chatserver.web.guard import Guard
from chatserver.web.headers import SecurityHeaders
from chatserver.web.pages import Pages
from chatserver.web.static import Assets
from tests.support import world
from tests.support.clock import FakeClock

ORIGIN = "http://127.0.0.1:8000"
SETTINGS = Settings(secret_key="k" * 40)


@dataclass
class World:
    """acme with ann, bob and its visitor vera; rita is of the other workspace."""

    database: Database
    clock: FakeClock
    ids: RandomIds
    identity: Identity
    pages: Pages
    site: Site
    ann: Agent
    bob: Agent
    rita: Agent
    vera: Visitor

    async def do(
        self, actor: Actor, command: Command | Open, conversation_id: str = ""
    ) -> Conversation:
        """One command at the clock's time."""
        async with self.database.write() as connection:
            batch = Batch(connection, at=self.clock.now(), ids=self.ids, rules=Rules())
            request = Request(self.site.workspace_id, conversation_id, actor, command)
            outcome = (await batch.run([request]))[0]
            if isinstance(outcome, ChatError):
                raise outcome
            await batch.save()
        self.clock.advance(1)
        return outcome.state

    async def open(self, visitor: Visitor | None = None) -> Conversation:
        visitor = visitor or self.vera
        return await self.do(guest(visitor), Open(self.site.id, visitor.id))

    async def visitor(self, name: str | None, email: str | None = None) -> Visitor:
        now = self.clock.now()
        new = Visitor(self.ids.new(), self.site.workspace_id, self.site.id, now, now, name, email)
        async with self.database.write() as connection:
            await visitor_store.add(connection, new)
        return new

    async def feed(self, feature: Feature, *, after: int = 0) -> int:
        """Runs a slice's reactors over the log; returns the last position."""
        async with self.database.write() as connection:
            entries = await log.after(connection, after, 10_000)
            for entry in entries:
                if entry.kind in feature.reactors:
                    await feature.reactors[entry.kind](connection, entry)
        return entries[-1].position if entries else after

    async def session(self, agent: Agent, locale: str = "en") -> tuple[str, AgentSession]:
        async with self.database.write() as connection:
            await person_store.change_person(connection, agent.person_id, locale=locale)
            return await self.identity.sessions.open(connection, agent, locale)

    @asynccontextmanager
    async def browser(
        self, features: Sequence[Feature], agent: Agent | None, locale: str = "en"
    ) -> AsyncIterator[httpx2.AsyncClient]:
        """A signed-in browser in front of the features' doors."""
        headers, cookies = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}, {}
        if agent is not None:
            secret, session = await self.session(agent, locale)
            headers["X-CSRF-Token"], cookies = session.csrf, {"chat_session": secret}
        transport = httpx2.ASGITransport(app=self._app(features))
        async with httpx2.AsyncClient(
            transport=transport, base_url=ORIGIN, headers=headers, cookies=cookies
        ) as client:
            yield client

    def _app(self, features: Iterable[Feature]) -> SecurityHeaders:
        guard = Guard(sessions=self.identity.sessions, settings=SETTINGS)
        edge = Edge(self.pages, Counter())
        endpoints = [endpoint for feature in features for endpoint in feature.endpoints]
        app = Starlette(
            routes=guard.routes(endpoints),
            exception_handlers={
                ChatError: edge.on_chat_error,
                HTTPException: edge.on_router_error,
            },
        )
        return SecurityHeaders(app, is_https=False)


def guest(visitor: Visitor) -> Actor:
    return Actor(AuthorKind.VISITOR, visitor.id, visitor.name)


def staff(agent: Agent) -> Actor:
    return Actor(AuthorKind.AGENT, agent.id, agent.name)


def identity_of(database: Database, clock: FakeClock, ids: RandomIds) -> Identity:
    """With passwords that cost nothing."""
    broker = MemoryBroker(lambda work, *arguments: work(*arguments))
    cheap = Passwords(memory_kib=8, rounds=1)
    return identity.build(database, broker, SETTINGS, clock, ids, passwords=cheap)


async def open_world(database: Database, clock: FakeClock) -> World:
    """On a furnished database."""
    ids = RandomIds()
    async with database.write() as connection:
        values = {"email": "vera@mail.example"}
        vera = await visitor_store.change(connection, "acme", "vera", values)
    assert vera is not None
    return World(
        database=database,
        clock=clock,
        ids=ids,
        identity=identity_of(database, clock, ids),
        pages=Pages(Assets()),
        site=world.site(),
        ann=world.agent(world.ANN, "acme", Role.OWNER),
        bob=world.agent(world.BOB, "acme", Role.AGENT),
        rita=world.agent(world.RITA, "rival", Role.OWNER),
        vera=vera,
    )
