"""What visitors do with their own conversations: list them, read them, take them along."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from html import escape

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.conversation import fact_store
from chatserver.conversation import store as conversation_store
from chatserver.conversation.facts import Fact
from chatserver.conversation.model import Conversation, Phase
from chatserver.errors import Invalid, NotFound
from chatserver.features.transcripts import export, store
from chatserver.features.transcripts.model import Transcript
from chatserver.features.transcripts.telling import Translate, quoted_by
from chatserver.identity import site_store
from chatserver.identity.model import Visitor
from chatserver.mail import TEXT_CHARS, Mail, is_address
from chatserver.storage.database import Database
from chatserver.web.languages import direction

PAGE = 100
# What a visitor takes along as one piece; nobody has written more by hand.
MOST = 5000

MAIL_STYLE = "white-space:pre-wrap;overflow-wrap:anywhere;font:15px/1.6 system-ui,sans-serif"

# Takes a mail in its writer's transaction: workspace, mail.
SendMail = Callable[[AsyncConnection, str, Mail], Awaitable[object]]


class Own(Struct, frozen=True):
    """A visitor's conversation, as its card has it. `can_continue`: writing goes on in it."""

    card: Transcript
    site: str
    can_continue: bool


class Reader(Struct, frozen=True):
    """Who a transcript is written for: a language, its words, and the clock on the wall."""

    language: str
    t: Translate
    tz: tzinfo


class OwnTranscripts:
    """`send` is None where mail is not configured."""

    def __init__(
        self, *, database: Database, clock: Clock, reopen_within: timedelta, send: SendMail | None
    ) -> None:
        self._database = database
        self._clock = clock
        self._reopen_within = reopen_within
        self.send = send

    async def conversations(
        self, visitor: Visitor, *, before: datetime | None, limit: int
    ) -> list[Own]:
        """Those in which somebody wrote, the last opened first."""
        async with self._database.read() as connection:
            states = await conversation_store.of_visitor(
                connection, visitor.workspace_id, visitor.id, before=before, limit=limit
            )
            cards = await store.find_all(connection, visitor.workspace_id, [s.id for s in states])
            latest = await self._latest(connection, visitor)
        return [
            Own(cards[state.id], "", self._can_continue(state, latest))
            for state in states
            if state.id in cards
        ]

    async def find(self, visitor: Visitor, conversation_id: str) -> Own:
        """Raises NotFound, also for what is not this visitor's."""
        workspace_id = visitor.workspace_id
        async with self._database.read() as connection:
            states = await conversation_store.load(connection, workspace_id, [conversation_id])
            state = states.get(conversation_id)
            card = await store.find(connection, workspace_id, conversation_id)
            if state is None or card is None or state.visitor_id != visitor.id:
                raise NotFound
            sites = await site_store.get(connection, workspace_id, [state.site_id])
            latest = await self._latest(connection, visitor)
        site = sites.get(state.site_id)
        return Own(card, site.name if site else "", self._can_continue(state, latest))

    async def page(self, own: Own, after: int, limit: int = PAGE) -> tuple[list[Fact], int | None]:
        """What this visitor may see of it behind a number of theirs, and where to go on."""
        card = own.card
        async with self._database.read() as connection:
            facts = await fact_store.list_visitor_facts(
                connection, card.workspace_id, card.conversation_id, after=after, limit=limit + 1
            )
        more = facts[limit - 1].visitor_seq if len(facts) > limit else None
        return facts[:limit], more

    async def text(self, own: Own, t: Translate, tz: tzinfo) -> str:
        facts, _ = await self.page(own, 0, MOST)
        answered = quotes(facts)
        lines = (
            export.line(fact, t, tz, notes=False, quoted=answered.get(fact.seq)) for fact in facts
        )
        head = export.head(own.card, own.site, t, tz)
        return head + "".join(line for line in lines if line)

    async def mail(self, own: Own, to: str, reader: Reader) -> None:
        """Raises Invalid or RateLimited; NotFound where there is no mail."""
        if self.send is None:
            raise NotFound
        if not is_address(to):
            raise Invalid(fields={"email": "not_an_email"})
        text = (await self.text(own, reader.t, reader.tz))[: TEXT_CHARS - 1]
        subject = reader.t("transcript.yours", site=own.site)
        html = paged(text, reader.language)
        async with self._database.write() as connection:
            mail = Mail(kind="transcript", to=to, subject=subject, text=text, html=html)
            await self.send(connection, own.card.workspace_id, mail)

    async def _latest(self, connection: AsyncConnection, visitor: Visitor) -> Conversation | None:
        key = (visitor.workspace_id, visitor.id)
        return (await conversation_store.latest_of_visitors(connection, {key})).get(key)

    def _can_continue(self, state: Conversation, latest: Conversation | None) -> bool:
        """As `Open` decides: the visitor's latest one, while it is not closed for too long."""
        if latest is None or latest.id != state.id:
            return False
        if state.phase is not Phase.CLOSED or state.closed_at is None:
            return True
        return self._clock.now() - state.closed_at <= self._reopen_within


def paged(text: str, language: str) -> str:
    """The same for readers of HTML, which is what gives it a direction; nothing where it would
    become too long for a mail."""
    head = f'<!doctype html>\n<html lang="{language}" dir="{direction(language)}">\n'
    body = f'<body style="{MAIL_STYLE}">{escape(text, quote=False)}</body>\n</html>\n'
    page = f'{head}<head><meta charset="utf-8"></head>\n{body}'
    return page if len(page) <= TEXT_CHARS else ""


def quotes(facts: Sequence[Fact]) -> dict[int, Fact]:
    """By the number of a message, the one of these that it answers."""
    known = {fact.seq: fact for fact in facts}
    found = {fact.seq: known.get(quoted_by(fact) or 0) for fact in facts}
    return {seq: fact for seq, fact in found.items() if fact}
