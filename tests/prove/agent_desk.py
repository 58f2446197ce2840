"""What an agent's session needs of store and hub: realtime/agent_desk.py as tasks."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from chatserver.conversation.commands import Assign, Request
from chatserver.conversation.facts import Fact as StoredFact
from chatserver.conversation.model import Actor, AuthorKind
from chatserver.conversation.outcome import Outcome
from chatserver.conversation.projection import for_agent, stamp
from chatserver.errors import BadTicket, ChatError, NotFound
from chatserver.identity.model import AgentSession as Signed
from chatserver.protocol import agent as wire
from chatserver.protocol.shared import Fact
from chatserver.realtime.admission import Admitted
from chatserver.realtime.agent_session import AgentSession
from chatserver.realtime.effects import (
    Arrive,
    AssignTo,
    Effect,
    Follow,
    LoadHistory,
    LoadInbox,
    LoadRead,
    Recheck,
    SetStatus,
    Unfollow,
)
from chatserver.realtime.hints import (
    UnreadHint,
    conversation_topic,
    decode_revocation,
    own_topic,
    revocation_topic,
)
from chatserver.realtime.news import News
from tests.prove.people import signed_of
from tests.prove.reading import Rows, read_missing, read_page, rows_since
from tests.prove.socket import Socket, Work
from tests.prove.store import EPOCH
from tests.prove.transaction import WORKSPACE

if TYPE_CHECKING:
    from tests.prove.node import Node

CONSOLES = 10


class AgentDesk:
    """Lives as long as its socket; `leave` undoes everything."""

    def __init__(self, node: "Node", session: AgentSession, socket: Socket) -> None:
        self._node, self._session, self._socket = node, session, socket
        self._leave: list[Callable[[], None]] = []
        self._threads: dict[str, Callable[[], None]] = {}
        self._inbox: Callable[[], None] | None = None
        self._arrived_at = 0

    @property
    def agent_id(self) -> str | None:
        return self._session.signed.agent_id if self._session.signed else None

    def perform(self, effect: Effect) -> Work:
        try:
            return (yield from self._perform(effect))
        except ChatError as error:
            if isinstance(effect, Arrive):
                return self._session.refused(error)
            if isinstance(effect, Recheck):
                return []
            request_id = getattr(effect, "id", None)
            if isinstance(effect, Follow):
                self._unfollow(effect.conversation_id)
                return self._session.follow_failed(request_id, effect.conversation_id, error)
            return self._session.failed(request_id, error)

    def leave(self) -> None:
        for undo in [*self._leave, *self._threads.values()]:
            undo()
        if self._inbox:
            self._inbox()

    def rows_changed(self, rows: Rows) -> None:
        self._socket.apply(self._session.rows_changed(rows.position, rows.rows))

    def _perform(self, effect: Effect) -> Work:
        match effect:
            case Arrive(hello) if isinstance(hello, wire.Hello):
                return (yield from self._arrive(hello))
            case LoadInbox():
                return (yield from self._load_inbox(effect))
            case LoadRead():
                return (yield from self._load_read(effect))
            case Recheck():
                return (yield from self._recheck())
            case Follow():
                return (yield from self._follow(effect))
            case Unfollow():
                self._unfollow(effect.conversation_id)
            case LoadHistory():
                return (yield from self._history(effect))
            case AssignTo():
                return (yield from self._assign(effect))
            case SetStatus():
                return self._session.done(effect.id)
        return []

    def _arrive(self, hello: wire.Hello) -> Work:
        yield from self._node.reading()
        store = self._node.store
        if store.sessions.get(hello.ticket) is None:
            raise BadTicket
        signed = signed_of(store.sessions[hello.ticket], hello.ticket)
        self._leave = [
            self._socket.seat.take(f"agent {signed.agent_id}", hello.tab, CONSOLES),
            self._node.hub.follow(own_topic(signed.agent_id), self._told_own),
            self._node.broker.subscribe(revocation_topic(signed.agent_id), self._told_revocation),
        ]
        yield from self._node.settling()
        yield from self._node.reading()
        if store.sessions.get(hello.ticket) is None:
            raise BadTicket
        self._arrived_at = store.position
        now = stamp(self._node.wall_time())
        found = Admitted(signed, EPOCH, now, self._arrived_at, "online")
        yield from self._node.answering()
        return self._session.arrived(found)

    def _load_inbox(self, effect: LoadInbox) -> Work:
        if self._inbox is None:
            self._inbox = self._node.inbox.join(self, self._arrived_at)
        yield from self._node.reading()
        rows = rows_since(self._node.store, effect.position)
        yield from self._node.answering()
        read = self._node.store.read_counts(self._signed.agent_id)
        anew = EPOCH if rows.restart else None
        return self._session.rows_loaded(rows.position, rows.rows, read, anew=anew)

    def _load_read(self, effect: LoadRead) -> Work:
        yield from self._node.reading()
        read = self._node.store.read_counts(self._signed.agent_id)
        yield from self._node.answering()
        asked = effect.conversation_ids
        own = {name: read[name] for name in asked if name in read}
        return self._session.read_loaded(asked, own)

    def _recheck(self) -> Work:
        yield from self._node.reading()
        signed = self._signed
        if self._node.broken == "revocation by hint alone":
            return []
        if self._node.store.sessions.get(signed.id) is None:
            return self._session.lapsed(self._node.now)
        return []

    def _follow(self, effect: Follow) -> Work:
        conversation_id = effect.conversation_id
        if conversation_id not in self._threads:
            self._threads[conversation_id] = self._node.hub.follow(
                conversation_topic(conversation_id),
                lambda _, news: self._told(conversation_id, news),
            )
            yield from self._node.settling()
        yield from self._node.reading()
        missing = read_missing(self._node.store, conversation_id, effect.after, visitor=False)
        yield from self._node.answering()
        effects = self._session.followed(effect.id, conversation_id, missing.conversation.seq)
        if missing.restart:
            effects += self._session.restarted(conversation_id, EPOCH, missing.after)
        facts = self._wire(missing.facts)
        return effects + self._session.caught_up(conversation_id, facts, more=missing.more)

    def _unfollow(self, conversation_id: str) -> None:
        unfollow = self._threads.pop(conversation_id, None)
        if unfollow:
            unfollow()

    def _history(self, effect: LoadHistory) -> Work:
        yield from self._node.reading()
        key, window = effect.conversation_id, (effect.before, effect.after, effect.limit)
        facts, more = read_page(self._node.store, key, window, visitor=False)
        yield from self._node.answering()
        return self._session.history_loaded(effect.id, key, self._wire(facts), more=more)

    def _assign(self, effect: AssignTo) -> Work:
        yield from self._node.reading()
        if effect.agent_id and effect.agent_id not in self._node.store.sessions.values():
            raise NotFound("there is no such agent")
        signed = self._signed
        command = Assign(effect.agent_id, effect.agent_id, effect.expect_seq)
        actor = Actor(AuthorKind.AGENT, signed.agent_id, signed.name)
        request = Request(WORKSPACE, effect.conversation_id, actor, command)
        outcome: Outcome = yield from self._node.submitting(request)
        return self._session.submitted(effect.id, outcome)

    def _told(self, conversation_id: str, news: News) -> None:
        self._socket.apply(self._session.told(conversation_id, news))

    def _told_own(self, _topic: str, news: News) -> None:
        if isinstance(news, UnreadHint):
            self._socket.apply(self._session.read_elsewhere(news))

    def _told_revocation(self, _topic: str, data: bytes) -> None:
        self._socket.apply(self._session.revoked(decode_revocation(data)))

    def _wire(self, facts: Sequence[StoredFact]) -> list[Fact]:
        return [for_agent(fact, self._signed.agent_id) for fact in facts]

    @property
    def _signed(self) -> Signed:
        if self._session.signed is None:
            raise NotFound
        return self._session.signed
