"""Tells what was said in the demo shop, through the same rules as real chats, at past times."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import Struct, convert
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.conversation.batch import Batch
from chatserver.conversation.commands import Assign, Close, MarkRead, Open, Request, SendMessage
from chatserver.conversation.model import Actor, AuthorKind, Conversation
from chatserver.conversation.outcome import Outcome
from chatserver.conversation.transitions import Rules
from chatserver.errors import ChatError
from chatserver.identity import visitor_store
from chatserver.identity.model import Agent, Site, Visitor
from chatserver.ids import Ids

CONTENT = Path(__file__).parent / "content"
# How long after its last line a chat is closed or read.
PAUSE = timedelta(seconds=40)


class Guest(Struct, frozen=True):
    name: str | None
    email: str | None
    locale: str
    page: str


class Story(Struct, frozen=True):
    """`lines`: (who, second, text), who being visitor, NAME, note:NAME or assign:NAME. `end`: who
    closed it, agent or visitor; or active, or queued."""

    visitor: Guest
    minutes_ago: int
    end: str
    lines: list[tuple[str, int, str]]


def stories() -> list[Story]:
    """In the order in which they began."""
    raw: Any = json.loads((CONTENT / "stories.json").read_text(encoding="utf-8"))
    return convert(raw, list[Story])


class Teller:
    """Tells stories on one site with its staff, by the first part of their addresses."""

    def __init__(self, *, ids: Ids, site: Site, staff: dict[str, Agent], now: datetime) -> None:
        self._ids = ids
        self._site = site
        self._staff = staff
        self._now = now

    async def tell(self, connection: AsyncConnection, story: Story) -> None:
        """One visitor and one conversation, in the caller's transaction."""
        begin = self._now - timedelta(minutes=story.minutes_ago)
        visitor = self._visitor(story.visitor, begin)
        await visitor_store.add(connection, visitor)
        guest = Actor(AuthorKind.VISITOR, visitor.id, visitor.name)
        state = await self._do(connection, begin, "", guest, Open(self._site.id, visitor.id))
        for who, second, text in story.lines:
            at = begin + timedelta(seconds=second)
            actor, command = self._said(guest, who, text)
            state = await self._do(connection, at, state.id, actor, command)
        await self._end(connection, story, state, guest)

    async def _end(
        self, connection: AsyncConnection, story: Story, state: Conversation, guest: Actor
    ) -> None:
        at, agents = state.last_at + PAUSE, {agent.id: agent for agent in self._staff.values()}
        agent = agents.get(state.assignee_id or "")
        if agent is not None:
            await self._do(connection, at, state.id, _actor(agent), MarkRead(state.seq))
            await self._do(connection, at, state.id, guest, MarkRead(state.visitor_seq))
        if agent is not None and story.end in ("agent", "visitor"):
            closer = guest if story.end == "visitor" else _actor(agent)
            await self._do(connection, at, state.id, closer, Close(story.end))

    def _said(self, guest: Actor, who: str, text: str) -> tuple[Actor, SendMessage | Assign]:
        what, _, name = who.rpartition(":")
        if name == "visitor":
            return guest, SendMessage(self._ids.new(), text)
        agent = self._staff[name]
        if what == "assign":
            return _actor(agent), Assign(agent.id, agent.name)
        return _actor(agent), SendMessage(self._ids.new(), text, private=what == "note")

    async def _do(
        self,
        connection: AsyncConnection,
        at: datetime,
        conversation_id: str,
        actor: Actor,
        command: SendMessage | Assign | Close | Open | MarkRead,
    ) -> Conversation:
        batch = Batch(connection, at=at, ids=self._ids, rules=Rules())
        request = Request(self._site.workspace_id, conversation_id, actor, command)
        outcome: Outcome | ChatError = (await batch.run([request]))[0]
        if isinstance(outcome, ChatError):
            raise outcome
        await batch.save()
        return outcome.state

    def _visitor(self, guest: Guest, at: datetime) -> Visitor:
        return Visitor(
            id=self._ids.new(),
            workspace_id=self._site.workspace_id,
            site_id=self._site.id,
            created_at=at,
            seen_at=at,
            name=guest.name,
            email=guest.email,
            locale=guest.locale,
            browser="Safari 26" if guest.email is None else "Chrome 141",
            system="iOS 26" if guest.email is None else "Windows 10/11",
            page_url=self._site.origins[0] + guest.page,
            page_title=self._site.name,
        )


def _actor(agent: Agent) -> Actor:
    return Actor(AuthorKind.AGENT, agent.id, agent.name)
