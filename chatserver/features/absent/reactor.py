"""An agent answered and the visitor is not there: wait a while, then write, once.

A timer of the conversation looks whether there is something unread, whether the visitor is
connected, and how long that has not been so. What it found absent it writes into its own row, for
presence is forgotten and a timer is not.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.conversation import fact_store, mark_store
from chatserver.conversation import store as conversations
from chatserver.conversation.events import MessageSent
from chatserver.conversation.facts import Fact
from chatserver.conversation.model import AuthorKind, Conversation
from chatserver.errors import Invalid, Rejected
from chatserver.features.absent import store
from chatserver.features.absent.links import Links
from chatserver.features.absent.model import Mailed
from chatserver.identity import visitor_store
from chatserver.identity.model import Site, Visitor
from chatserver.identity.sites import Sites
from chatserver.mail import Answer, Answers
from chatserver.storage import timers
from chatserver.storage.log import Entry
from chatserver.storage.timers import Timer

logger = structlog.get_logger(__name__)

SLICE = "absent"
KIND = "message.sent"
# A mail shows the newest answers; the chat has them all.
MOST = 10
SCANNED = 100

IsAbsent = Callable[[str, str], bool]
Contact = Callable[[AsyncConnection, Visitor], Awaitable[str | None]]
Remind = Callable[[AsyncConnection, str, Answers], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`is_absent`: whether a visitor is surely connected nowhere; `contact`: their e-mail, or None;
    `remind` sends the mail, and is None where mail is not configured."""

    is_absent: IsAbsent
    contact: Contact
    remind: Remind | None


class Absent:
    """`limit`: how long nobody must have been connected. Zero: nobody is written to."""

    def __init__(
        self,
        *,
        clock: Clock,
        sites: Sites,
        links: Links,
        limit: timedelta,
        neighbours: Neighbours,
    ) -> None:
        self._clock = clock
        self._sites = sites
        self._links = links
        self._limit = limit
        self._neighbours = neighbours

    @property
    def kinds(self) -> Sequence[str]:
        return (KIND,) if self._limit and self._neighbours.remind else ()

    async def on_fact(self, connection: AsyncConnection, entry: Entry) -> None:
        await self.on_facts(connection, [entry])

    async def on_facts(self, connection: AsyncConnection, entries: Sequence[Entry]) -> None:
        """Answers alone matter, and of a burst the first: its timer sees the others."""
        answered: dict[str, set[str]] = defaultdict(set)
        for entry in entries:
            is_answer = entry.author_kind == AuthorKind.AGENT and entry.visitor_seq is not None
            if is_answer and entry.conversation_id is not None:
                answered[entry.workspace_id].add(entry.conversation_id)
        for workspace_id, keys in answered.items():
            for key in sorted(keys):
                if await timers.find(connection, SLICE, key) is None:
                    await self._look(connection, (workspace_id, key), self._clock.now(), None)

    async def on_timer(self, connection: AsyncConnection, timer: Timer) -> None:
        """Nothing unread: forget it. Somebody there: look again. Else write when it is time."""
        key = (timer.workspace_id, timer.key)
        state = (await conversations.load(connection, key[0], [key[1]])).get(key[1])
        if state is None or not self.kinds:
            return
        people = await visitor_store.get(connection, key[0], [state.visitor_id])
        visitor, unread = people.get(state.visitor_id), await _unread(connection, state)
        if visitor is None or not unread:
            return
        now = self._clock.now()
        if not self._neighbours.is_absent(key[0], visitor.id):
            await self._look(connection, key, now + self._limit, None)
            return
        since = datetime.fromisoformat(timer.payload) if timer.payload else None
        if since is None or visitor.seen_at > since:
            await self._look(connection, key, now + self._limit, now)
        elif now - since < self._limit:
            await self._look(connection, key, since + self._limit, since)
        else:
            await self._write(connection, state, visitor, unread)

    async def _look(
        self,
        connection: AsyncConnection,
        key: tuple[str, str],
        due_at: datetime,
        since: datetime | None,
    ) -> None:
        timer = Timer(
            id=f"{SLICE}-{key[1]}",
            workspace_id=key[0],
            slice=SLICE,
            key=key[1],
            due_at=due_at,
            payload=since.isoformat() if since else "",
        )
        await timers.schedule(connection, timer)

    async def _write(
        self,
        connection: AsyncConnection,
        state: Conversation,
        visitor: Visitor,
        unread: Sequence[Fact],
    ) -> None:
        """Once until the visitor was back; never to somebody who asked not to be written to."""
        workspace_id, remind = state.workspace_id, self._neighbours.remind
        last = await store.mailed(connection, workspace_id, visitor.id)
        if remind is None or (last is not None and visitor.seen_at <= last.mailed_at):
            return
        email = await self._neighbours.contact(connection, visitor)
        found = await self._sites.get(connection, workspace_id, [state.site_id])
        site = found.get(state.site_id)
        if not email or site is None or not site.enabled:
            return
        if await store.refuses(connection, workspace_id, self._links.blurred(workspace_id, email)):
            return
        secret = self._links.secret()
        try:
            answers = await _answers(connection, unread)
            mail = self._mail(email, visitor, site, answers, secret)
            await remind(connection, workspace_id, mail)
        except (Invalid, Rejected) as error:  # an address that no mail reaches, say
            logger.info("visitor was not mailed", conversation=state.id, why=error.code)
            return
        await self._links.make(connection, state, visitor, secret)
        sent = Mailed(visitor.id, state.id, workspace_id, unread[-1].seq, self._clock.now())
        await store.note_mailed(connection, sent)

    def _mail(
        self, email: str, visitor: Visitor, site: Site, answers: Sequence[Answer], secret: str
    ) -> Answers:
        return Answers(
            to=email,
            language=visitor.locale or site.locale,
            site=site.name,
            answers=tuple(answers[-MOST:]),
            earlier=max(0, len(answers) - MOST),
            link=self._links.address(secret),
            days=self._links.days,
            refusal=self._links.refusal(site.workspace_id, email),
        )


async def _unread(connection: AsyncConnection, state: Conversation) -> list[Fact]:
    """What agents wrote behind the visitor's read mark, the newest at most."""
    seen, _ = await mark_store.furthest_marks(connection, state.workspace_id, state.id)
    facts = await fact_store.list_facts(
        connection, state.workspace_id, state.id, after=seen, before=state.seq + 1, limit=SCANNED
    )
    return [fact for fact in facts if _is_answer(fact)]


def _is_answer(fact: Fact) -> bool:
    is_public = isinstance(fact.event, MessageSent) and not fact.event.private
    return is_public and fact.author.kind is AuthorKind.AGENT


async def _answers(connection: AsyncConnection, unread: Sequence[Fact]) -> list[Answer]:
    """With what each of them answers: perhaps something that was said days ago."""
    quotes = {fact.seq: quote for fact in unread if (quote := _quoted_by(fact)) is not None}
    first = unread[0]
    quoted = await fact_store.by_number(
        connection, first.workspace_id, first.conversation_id, set(quotes.values())
    )
    return [_answer(fact, quoted.get(quotes.get(fact.seq, 0))) for fact in unread]


def _quoted_by(fact: Fact) -> int | None:
    quote = fact.event.quote if isinstance(fact.event, MessageSent) else None
    return quote.seq if quote else None


def _answer(fact: Fact, quoted: Fact | None) -> Answer:
    return Answer(fact.author.name or "", _text(fact), _files(fact), quote=_said(quoted))


def _said(quoted: Fact | None) -> str:
    return (_text(quoted) or ", ".join(_files(quoted))) if quoted else ""


def _text(fact: Fact) -> str:
    return (fact.body.text if fact.body else None) or ""


def _files(fact: Fact) -> tuple[str, ...]:
    return tuple(file.name for file in fact.body.files) if fact.body else ()
