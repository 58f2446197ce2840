"""Does for a visitor's session what needs the store, the hub or other people."""

from collections.abc import Callable, Sequence
from math import inf

from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.calendar import Timetable
from chatserver.conversation import fact_store, mark_store, store
from chatserver.conversation.commands import Open, Request
from chatserver.conversation.facts import Fact as StoredFact
from chatserver.conversation.model import Actor, AuthorKind, Conversation, Phase
from chatserver.conversation.projection import for_visitor, stamp
from chatserver.errors import ChatError, NotFound
from chatserver.identity.model import Arrival
from chatserver.identity.profiles import Said
from chatserver.protocol.codes import CloseCode
from chatserver.protocol.shared import Fact, Page
from chatserver.protocol.visitor import Hello
from chatserver.realtime.asking import Asking
from chatserver.realtime.connection import Connection
from chatserver.realtime.effects import (
    Arrive,
    Describe,
    Effect,
    Follow,
    Hang,
    LoadHistory,
    LoadMarks,
    LookAgain,
    Moved,
    Renew,
    Start,
    Typed,
)
from chatserver.realtime.hints import (
    HoursHint,
    RowHint,
    SentBackHint,
    TypingHint,
    conversation_topic,
    decode_site_news,
    encode,
    presence_topic,
    site_topic,
    visitor_topic,
)
from chatserver.realtime.joining import join_conversations
from chatserver.realtime.reading import read_missing, read_page
from chatserver.realtime.seats import Seat
from chatserver.realtime.services import Services
from chatserver.realtime.visitor_session import VisitorSession
from chatserver.realtime.visitor_welcome import Arrived, Door
from chatserver.storage import log


class VisitorDesk:
    """Lives as long as its connection; `leave` undoes everything."""

    def __init__(
        self,
        services: Services,
        session: VisitorSession,
        connection: Connection,
        *,
        seat: Seat,
        user_agent: str,
    ) -> None:
        self._services = services
        self._session = session
        self._connection = connection
        self._seat = seat
        self._user_agent = user_agent
        self._asking = Asking(services.identity.profiles, mails=bool(services.settings.mail_from))
        self._arrival: Arrival | None = None
        self._leave: list[Callable[[], None]] = []
        self._epoch = ""
        self._hours: Timetable | None = None
        self._followed: tuple[str, Callable[[], None]] | None = None

    async def perform(self, effect: Effect) -> Sequence[Effect]:
        try:
            return await self._perform(effect)
        except ChatError as error:
            if isinstance(effect, Arrive):
                return self._session.refused(error)
            return self._session.failed(getattr(effect, "id", None), error)

    def leave(self) -> None:
        """The socket is gone."""
        if self._followed:
            self._followed[1]()
        for undo in self._leave:
            undo()

    async def _perform(self, effect: Effect) -> Sequence[Effect]:
        match effect:
            case Arrive(hello) if isinstance(hello, Hello):
                async with self._services.visitor_arrivals.turn():
                    return await self._arrive(hello)
            case Start():
                return await self._start(effect)
            case Follow():
                return await self._follow(effect)
            case LoadHistory():
                return await self._history(effect)
            case LoadMarks():
                return await self._marks(effect)
            case Typed():
                self._typed(effect)
            case Moved():
                await self._moved(effect)
            case Describe():
                return await self._describe(effect)
            case Renew():
                return await self._renew(effect)
            case LookAgain():
                return self._session.door_changed(self._door())
        return []

    async def _arrive(self, hello: Hello) -> Sequence[Effect]:
        services = self._services
        services.identity.frames.check(hello.ticket, hello.site)
        self._arrival = arrival = await services.identity.visitors.arrive(
            hello.site,
            token=hello.token,
            page=hello.page,
            locale=hello.locale,
            user_agent=self._user_agent,
            identity=hello.identity,
        )
        await join_conversations(services, arrival)
        visitor = arrival.visitor
        key = (visitor.workspace_id, visitor.id)
        services.presence.visitor_came(*key)
        limit = services.settings.connections_per_visitor
        self._leave = [
            lambda: services.presence.visitor_left(*key, grace=self._seat.grace),
            self._seat.take(f"visitor {visitor.id}", hello.tab, limit),
            services.hub.follow(presence_topic(visitor.workspace_id), self._told_door),
            services.hub.follow(visitor_topic(visitor.id), self._told_own),
            services.broker.subscribe(site_topic(visitor.site_id), self._told_site),
        ]
        await services.broker.settled()
        return self._session.arrived(await self._found(arrival, hello))

    async def _found(self, arrival: Arrival, hello: Hello) -> Arrived:
        services = self._services
        visitor = arrival.visitor
        workspace_id = visitor.workspace_id
        now = services.clock.now()

        async def work(
            connection: AsyncConnection,
        ) -> tuple[str, Timetable, Conversation | None, int, int]:
            epoch = (await log.head(connection)).epoch
            place = (workspace_id, visitor.site_id)
            hours = await services.doorplate.find(connection, *place)
            key = (workspace_id, visitor.id)
            state = (await store.latest_of_visitors(connection, {key})).get(key)
            if state is None or not self._is_current(state, hello):
                return epoch, hours, None, 0, 0
            return epoch, hours, state, *(await _read_marks(connection, workspace_id, state.id))

        epoch, hours, state, read, agent_read = await services.database.read_whole(work)
        self._hours = self._hours or hours  # those we were told of meanwhile are newer
        self._epoch = epoch
        ends_at = services.monotonic(arrival.token_expires_at)
        before, offline = await self._asking.due(arrival, has_chat=state is not None)
        return Arrived(
            arrival,
            epoch,
            stamp(now),
            self._door(),
            state,
            read,
            agent_read,
            ends_at,
            before,
            offline,
        )

    def _is_current(self, state: Conversation, hello: Hello) -> bool:
        """Whether the visitor can go on writing in it, or has it on screen: how it ended belongs to
        it, however long the tab was away."""
        if state.phase is not Phase.CLOSED or state.closed_at is None:
            return True
        if hello.resume is not None and hello.resume.conversation == state.id:
            return True
        age = self._services.clock.now() - state.closed_at
        return age.total_seconds() <= self._services.settings.reopen_hours * 3600

    async def _start(self, effect: Start) -> Sequence[Effect]:
        visitor = self._here.visitor
        name = visitor.name
        has_chat = self._session.conversation_id is not None
        said = await self._asking.said(self._here.site, visitor, effect.form, has_chat=has_chat)
        if said != Said():
            name = await self._say(said)
        actor = Actor(AuthorKind.VISITOR, visitor.id, name)
        # The words are the site's own, whatever a browser says that it read.
        words = self._here.site.widget.greetings.text_of(effect.greeting)
        command = Open(visitor.site_id, visitor.id, effect.greeting if words else "", words)
        request = Request(visitor.workspace_id, "", actor, command)
        outcome = await self._services.conversations.submit(request)
        return self._session.started(effect.id, outcome, name)

    async def _follow(self, effect: Follow) -> Sequence[Effect]:
        topic = conversation_topic(effect.conversation_id)
        if self._followed is None or self._followed[0] != topic:
            if self._followed:
                self._followed[1]()
            told = self._session.told
            unfollow = self._services.hub.follow(
                topic, lambda _, news: self._connection.apply(told(news))
            )
            self._followed = (topic, unfollow)
            await self._services.broker.settled()
        missing = await read_missing(
            self._services.database,
            (self._here.visitor.workspace_id, effect.conversation_id),
            effect.after,
            list_facts=fact_store.list_visitor_facts,
            head_of=lambda state: state.visitor_seq,
        )
        if missing.epoch != self._epoch:
            return [Hang(CloseCode.RESYNC, "the database was restored")]
        effects: list[Effect] = []
        if missing.restart:
            effects = self._session.restarted(effect.conversation_id, missing.epoch, missing.after)
        facts = _wire(missing.facts)
        return [
            *effects,
            *self._session.caught_up(effect.conversation_id, facts, more=missing.more),
        ]

    async def _history(self, effect: LoadHistory) -> Sequence[Effect]:
        facts, more = await read_page(
            self._services.database,
            (self._here.visitor.workspace_id, effect.conversation_id),
            list_facts=fact_store.list_visitor_facts,
            before=effect.before,
            after=effect.after,
            limit=effect.limit,
        )
        return self._session.history_loaded(effect.id, _wire(facts), more=more)

    async def _marks(self, effect: LoadMarks) -> Sequence[Effect]:
        async with self._services.database.read() as connection:
            marks = await _read_marks(
                connection, self._here.visitor.workspace_id, effect.conversation_id
            )
        return self._session.marks_loaded(effect.conversation_id, *marks)

    async def _describe(self, effect: Describe) -> Sequence[Effect]:
        said = effect.said
        name = await self._say(
            Said(name=said.name, email=said.email, phone=said.phone, attributes=said.attributes)
        )
        return self._session.described(effect.id, name)

    async def _say(self, said: Said) -> str | None:
        """Keeps it, tells the agents, and returns what the visitor is called now."""
        visitor = self._here.visitor
        key = (visitor.workspace_id, visitor.id)
        after = await self._services.identity.profiles.say(*key, said)
        self._services.presence.tell_visitor(*key)
        return after.name

    def _typed(self, effect: Typed) -> None:
        visitor = self._here.visitor
        hint = TypingHint(
            self._session.id, "visitor", visitor.id, visitor.name, effect.on, effect.draft
        )
        topic = conversation_topic(effect.conversation_id)
        self._services.broker.publish(topic, encode(hint))

    async def _moved(self, effect: Moved) -> None:
        visitor = self._here.visitor
        key = (visitor.workspace_id, visitor.id)
        await self._services.identity.visitors.moved(*key, Page(effect.url, effect.title))
        self._services.presence.tell_visitor(*key)

    async def _renew(self, effect: Renew) -> Sequence[Effect]:
        visitors = self._services.identity.visitors
        token, ends_at = await visitors.refresh(effect.token, self._here.visitor.id)
        return self._session.renewed(effect.id, token, self._services.monotonic(ends_at))

    def _told_door(self, _topic: str, news: object) -> None:
        if isinstance(news, HoursHint):
            if news.site_id != self._here.visitor.site_id:
                return
            self._hours = news.hours
        self._connection.apply(self._session.door_changed(self._door()))

    def _door(self) -> Door:
        """Out of its hours nobody takes chats, however many sit at their consoles."""
        services = self._services
        there = services.presence.availability(self._here.visitor.workspace_id)
        if self._hours is None:
            return Door(there)
        is_open, until = services.doorplate.at(self._hours)
        turns_at = inf if until is None else services.monotonic(until)
        if is_open:
            return Door(there, turns_at=turns_at)
        return Door("offline", None if until is None else stamp(until), turns_at)

    def _told_own(self, _topic: str, news: object) -> None:
        if isinstance(news, RowHint):
            self._connection.apply(self._session.opened_elsewhere(news.conversation_id))
        elif isinstance(news, SentBackHint):
            self._connection.apply(self._session.sent_back())

    def _told_site(self, _topic: str, data: bytes) -> None:
        news = decode_site_news(data)
        if not news.enabled:
            self._connection.hang(CloseCode.SITE_DISABLED, "site disabled")
        self._connection.apply(self._session.drafts_changed(news.drafts))

    @property
    def _here(self) -> Arrival:
        if self._arrival is None:
            raise NotFound
        return self._arrival


async def _read_marks(
    connection: AsyncConnection, workspace_id: str, conversation_id: str
) -> tuple[int, int]:
    """How far the visitor and the furthest agent have read, in the visitor's numbers."""
    marks = await mark_store.furthest_marks(connection, workspace_id, conversation_id)
    key = (workspace_id, conversation_id)
    visitor, agent = [await fact_store.to_visitors_number(connection, *key, mark) for mark in marks]
    return visitor, agent


def _wire(facts: Sequence[StoredFact]) -> list[Fact]:
    return [frame for fact in facts if (frame := for_visitor(fact)) is not None]
