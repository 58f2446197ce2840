"""Does for an agent's session what needs the store, the hub or other people."""

from collections.abc import Callable, Sequence

import msgspec

from chatserver.conversation import fact_store, mark_store
from chatserver.conversation.commands import Assign, Request
from chatserver.conversation.facts import Fact as StoredFact
from chatserver.conversation.model import Actor, AuthorKind
from chatserver.conversation.projection import for_agent, stamp
from chatserver.errors import BadTicket, ChatError, NotFound
from chatserver.identity.model import AgentSession as Signed
from chatserver.protocol import agent as wire
from chatserver.protocol.codes import CloseCode
from chatserver.protocol.shared import Fact
from chatserver.realtime.admission import Admitted
from chatserver.realtime.agent_session import RECHECK_SECONDS, AgentSession
from chatserver.realtime.connection import Connection
from chatserver.realtime.effects import (
    Arrive,
    AssignTo,
    Effect,
    Follow,
    Hang,
    LoadHistory,
    LoadInbox,
    LoadRead,
    Recheck,
    SetStatus,
    Typed,
    Unfollow,
)
from chatserver.realtime.hints import (
    BUS_TOPIC,
    AgentHint,
    Revocation,
    TypingHint,
    UnreadHint,
    conversation_topic,
    decode_revocation,
    encode,
    own_topic,
    presence_topic,
    revocation_topic,
)
from chatserver.realtime.news import News
from chatserver.realtime.reading import read_missing, read_page
from chatserver.realtime.rows import Rows
from chatserver.realtime.seats import Seat
from chatserver.realtime.services import Services
from chatserver.storage import log
from chatserver.storage.condition import Condition


class AgentDesk:
    """Lives as long as its connection; `leave` undoes everything."""

    def __init__(
        self, services: Services, session: AgentSession, connection: Connection, *, seat: Seat
    ) -> None:
        self._services = services
        self._session = session
        self._connection = connection
        self._seat = seat
        self._leave: list[Callable[[], None]] = []
        self._threads: dict[str, Callable[[], None]] = {}
        self._inbox: Callable[[], None] | None = None
        self._arrived_at = 0
        self._epoch = ""

    async def perform(self, effect: Effect) -> Sequence[Effect]:
        try:
            return await self._perform(effect)
        except ChatError as error:
            if isinstance(effect, Arrive):
                return self._session.refused(error)
            if isinstance(effect, Recheck):
                return []  # not now; asked again soon
            request_id = getattr(effect, "id", None)
            if isinstance(effect, Follow):
                self._unfollow(effect.conversation_id)
                return self._session.follow_failed(request_id, effect.conversation_id, error)
            return self._session.failed(request_id, error)

    def leave(self) -> None:
        """The socket is gone."""
        for undo in [*self._leave, *self._threads.values()]:
            undo()
        if self._inbox:
            self._inbox()

    def rows_changed(self, rows: Rows) -> None:
        self._connection.apply(self._session.rows_changed(rows.position, rows.rows))

    def visitor_changed(self, visitor: wire.Visitor) -> None:
        self._connection.apply(self._session.visitor_changed(visitor))

    async def _perform(self, effect: Effect) -> Sequence[Effect]:
        match effect:
            case Arrive(hello) if isinstance(hello, wire.Hello):
                async with self._services.agent_arrivals.turn():
                    return await self._arrive(hello)
            case LoadInbox():
                return await self._load_inbox(effect)
            case LoadRead():
                return await self._load_read(effect)
            case Recheck():
                return await self._recheck(effect)
            case Follow():
                return await self._follow(effect)
            case Unfollow():
                self._unfollow(effect.conversation_id)
            case LoadHistory():
                return await self._history(effect)
            case AssignTo():
                return await self._assign(effect)
            case Typed():
                self._typed(effect)
            case SetStatus():
                return self._set_status(effect)
        return []

    async def _arrive(self, hello: wire.Hello) -> Sequence[Effect]:
        services = self._services
        signed = await services.identity.tickets.redeem(hello.ticket)
        key = (signed.workspace_id, signed.agent_id)
        status = services.presence.agent_came(*key, signed.name)
        limit = services.settings.connections_per_agent
        self._leave = [
            lambda: services.presence.agent_left(*key, grace=self._seat.grace),
            self._seat.take(f"agent {signed.agent_id}", hello.tab, limit),
            services.hub.follow(presence_topic(signed.workspace_id), self._told_agent),
            services.hub.follow(own_topic(signed.agent_id), self._told_own),
            services.broker.subscribe(revocation_topic(signed.agent_id), self._told_revocation),
            services.database.guard.watch(self._told_condition),
            services.hub.follow(BUS_TOPIC, self._told_bus),
        ]
        await services.broker.settled()
        # Signed out since the ticket was taken, and before we listened for it: nobody tells us.
        if await services.identity.sessions.current(signed.id) is None:
            raise BadTicket
        async with services.database.read() as connection:
            head = await log.head(connection)
            self._arrived_at, self._epoch = head.position, head.epoch
        now, storage = stamp(services.clock.now()), services.database.guard.condition.word
        return self._session.arrived(
            Admitted(signed, head.epoch, now, head.position, status, storage, self._bus())
        )

    async def _load_inbox(self, effect: LoadInbox) -> Sequence[Effect]:
        if self._inbox is None:
            self._inbox = self._services.inbox.join(
                self._signed.workspace_id, self, self._arrived_at
            )
        rows = await self._services.rows.since(self._signed.workspace_id, effect.position)
        anew = None
        if rows.restart:
            async with self._services.database.read() as connection:
                anew = (await log.head(connection)).epoch
        shown = [news.row.conversation for news in rows.rows if not news.row.gone]
        read = await self._read_counts(shown)
        return self._session.rows_loaded(rows.position, rows.rows, read, anew=anew)

    async def _load_read(self, effect: LoadRead) -> Sequence[Effect]:
        read = await self._read_counts(effect.conversation_ids)
        return self._session.read_loaded(effect.conversation_ids, read)

    async def _read_counts(self, conversation_ids: Sequence[str]) -> dict[str, int]:
        if not conversation_ids:
            return {}
        key = (self._signed.workspace_id, self._signed.agent_id)
        async with self._services.database.read() as connection:
            return await mark_store.read_counts(connection, *key, conversation_ids)

    async def _recheck(self, effect: Recheck) -> Sequence[Effect]:
        sessions, signed = self._services.identity.sessions, self._signed
        # What was done since the last time counts, although it is written down only now.
        late = RECHECK_SECONDS if effect.used else 0
        found = await sessions.standing(signed.id, late=late)
        if found is None:
            return self._session.lapsed(self._services.clock.monotonic())
        now, ends_at = found
        if now.role != signed.role:
            return self._session.revoked(Revocation(signed.id))
        if effect.used:
            ends_at = await sessions.used(signed)
        return self._session.stands(
            self._services.monotonic(ends_at), self._services.clock.monotonic()
        )

    async def _follow(self, effect: Follow) -> Sequence[Effect]:
        conversation_id = effect.conversation_id
        if conversation_id not in self._threads:
            topic = conversation_topic(conversation_id)
            self._threads[conversation_id] = self._services.hub.follow(
                topic, lambda _, news: self._told(conversation_id, news)
            )
            await self._services.broker.settled()
        missing = await read_missing(
            self._services.database,
            (self._signed.workspace_id, conversation_id),
            effect.after,
            list_facts=fact_store.list_facts,
            head_of=lambda state: state.seq,
        )
        if missing.epoch != self._epoch:
            return [Hang(CloseCode.RESYNC, "the database was restored")]
        read = await self._read_by_visitor(conversation_id)
        # From here on nothing may wait: the session lets live facts pass that follow on these.
        effects = self._session.followed(effect.id, conversation_id, missing.conversation.seq)
        if missing.restart:
            effects += self._session.restarted(conversation_id, missing.epoch, missing.after)
        facts = self._wire(missing.facts)
        effects += self._session.caught_up(conversation_id, facts, more=missing.more)
        return effects + (self._session.visitor_has_read(conversation_id, read) if read else [])

    async def _read_by_visitor(self, conversation_id: str) -> int:
        """How far the visitor has read, for the thread's ticks."""
        async with self._services.database.read() as connection:
            visitor, _ = await mark_store.furthest_marks(
                connection, self._signed.workspace_id, conversation_id
            )
        return visitor

    def _unfollow(self, conversation_id: str) -> None:
        unfollow = self._threads.pop(conversation_id, None)
        if unfollow:
            unfollow()

    async def _history(self, effect: LoadHistory) -> Sequence[Effect]:
        facts, more = await read_page(
            self._services.database,
            (self._signed.workspace_id, effect.conversation_id),
            list_facts=fact_store.list_facts,
            before=effect.before,
            after=effect.after,
            limit=effect.limit,
        )
        page = self._wire(facts)
        return self._session.history_loaded(effect.id, effect.conversation_id, page, more=more)

    async def _assign(self, effect: AssignTo) -> Sequence[Effect]:
        signed = self._signed
        name = None
        if effect.agent_id is not None:
            async with self._services.database.read() as connection:
                names = await self._services.directory.active_agents(
                    connection, signed.workspace_id
                )
            name = names.get(effect.agent_id)
            if name is None:
                raise NotFound("there is no such agent")
        command = Assign(effect.agent_id, name, effect.expect_seq)
        actor = Actor(AuthorKind.AGENT, signed.agent_id, signed.name)
        request = Request(signed.workspace_id, effect.conversation_id, actor, command)
        outcome = await self._services.conversations.submit(request)
        return self._session.submitted(effect.id, outcome)

    def _typed(self, effect: Typed) -> None:
        signed = self._signed
        hint = TypingHint(self._session.id, "agent", signed.agent_id, signed.name, effect.on)
        topic = conversation_topic(effect.conversation_id)
        self._services.broker.publish(topic, encode(hint))

    def _set_status(self, effect: SetStatus) -> Sequence[Effect]:
        key = (self._signed.workspace_id, self._signed.agent_id)
        self._services.presence.choose_status(*key, effect.status)
        return self._session.done(effect.id)

    def _told(self, conversation_id: str, news: News) -> None:
        self._connection.apply(self._session.told(conversation_id, news))

    def _told_agent(self, _topic: str, news: News) -> None:
        if isinstance(news, AgentHint):
            self._connection.apply(self._session.agent_changed(news))

    def _told_own(self, _topic: str, news: News) -> None:
        if isinstance(news, UnreadHint):
            self._connection.apply(self._session.read_elsewhere(news))

    def _bus(self) -> wire.Bus:
        return "degraded" if self._services.broker.degraded else "ok"

    def _told_bus(self, _topic: str, _news: News) -> None:
        self._connection.apply(self._session.changed(wire.State("bus", bus=self._bus())))

    def _told_condition(self, condition: Condition) -> None:
        state = wire.State("storage", storage=condition.word)
        self._connection.apply(self._session.changed(state))

    def _told_revocation(self, _topic: str, data: bytes) -> None:
        try:
            revocation = decode_revocation(data)
        except msgspec.MsgspecError:
            return
        self._connection.apply(self._session.revoked(revocation))

    def _wire(self, facts: Sequence[StoredFact]) -> list[Fact]:
        return [for_agent(fact, self._signed.agent_id) for fact in facts]

    @property
    def _signed(self) -> Signed:
        if self._session.signed is None:
            raise NotFound
        return self._session.signed
