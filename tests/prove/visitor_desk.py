"""What a visitor's session needs of store and hub: realtime/visitor_desk.py as tasks."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from chatserver.conversation.commands import Open, Request
from chatserver.conversation.facts import Fact as StoredFact
from chatserver.conversation.model import Actor, AuthorKind, Conversation, Phase
from chatserver.conversation.outcome import Outcome
from chatserver.conversation.projection import for_visitor, stamp
from chatserver.errors import BadToken, ChatError
from chatserver.identity.model import Arrival
from chatserver.protocol.shared import Fact
from chatserver.protocol.visitor import Hello
from chatserver.realtime.effects import Arrive, Effect, Follow, LoadHistory, LoadMarks, Start, Typed
from chatserver.realtime.hints import (
    RowHint,
    TypingHint,
    conversation_topic,
    encode,
    visitor_topic,
)
from chatserver.realtime.visitor_session import Arrived, Door, VisitorSession
from tests.prove.people import arrival_of
from tests.prove.reading import read_missing, read_page
from tests.prove.socket import Socket, Work
from tests.prove.store import EPOCH
from tests.prove.transaction import WORKSPACE

if TYPE_CHECKING:
    from tests.prove.node import Node

# Far below the real limit, so that tabs take each other's place.
TABS = 2


class VisitorDesk:
    """Lives as long as its socket; `leave` undoes everything."""

    def __init__(self, node: "Node", session: VisitorSession, socket: Socket) -> None:
        self._node, self._session, self._socket = node, session, socket
        self._arrival: Arrival | None = None
        self._leave: list[Callable[[], None]] = []
        self._followed: tuple[str, Callable[[], None]] | None = None

    @property
    def visitor_id(self) -> str | None:
        return self._arrival.visitor.id if self._arrival else None

    def perform(self, effect: Effect) -> Work:
        try:
            return (yield from self._perform(effect))
        except ChatError as error:
            if isinstance(effect, Arrive):
                return self._session.refused(error)
            return self._session.failed(getattr(effect, "id", None), error)

    def leave(self) -> None:
        if self._followed:
            self._followed[1]()
        for undo in self._leave:
            undo()

    def _perform(self, effect: Effect) -> Work:
        match effect:
            case Arrive(hello) if isinstance(hello, Hello):
                return (yield from self._arrive(hello))
            case Start():
                return (yield from self._start(effect))
            case Follow():
                return (yield from self._follow(effect))
            case LoadHistory():
                return (yield from self._history(effect))
            case LoadMarks():
                return (yield from self._marks(effect))
            case Typed():
                self._typed(effect)
        return []

    def _arrive(self, hello: Hello) -> Work:
        yield from self._node.reading()
        self._arrival = arrival = arrival_of(hello.token)
        visitor_id = arrival.visitor.id
        self._leave = [
            self._socket.seat.take(f"visitor {visitor_id}", hello.tab, TABS),
            self._node.hub.follow(visitor_topic(visitor_id), self._told_own),
        ]
        yield from self._node.settling()
        yield from self._node.reading()
        found = self._found(arrival, hello)
        yield from self._node.answering()
        return self._session.arrived(found)

    def _found(self, arrival: Arrival, hello: Hello) -> Arrived:
        store = self._node.store
        state = store.of_visitor(arrival.visitor.id)
        if self._node.broken == "resume without authorisation" and hello.resume:
            state = store.rows.get(hello.resume.conversation, state)
        if state is not None and not self._is_current(state, hello):
            state = None
        read = agent_read = 0
        if state is not None:
            read, agent_read = self._read_marks(state)
        now = stamp(self._node.wall_time())
        return Arrived(arrival, EPOCH, now, Door("online"), state, read, agent_read)

    def _is_current(self, state: Conversation, hello: Hello) -> bool:
        if state.phase is not Phase.CLOSED or state.closed_at is None:
            return True
        if hello.resume is not None and hello.resume.conversation == state.id:
            return True
        return self._node.wall_time() - state.closed_at <= self._node.rules.reopen_within

    def _start(self, effect: Start) -> Work:
        visitor = self._here.visitor
        actor = Actor(AuthorKind.VISITOR, visitor.id, visitor.name)
        request = Request(WORKSPACE, "", actor, Open(visitor.site_id, visitor.id))
        outcome: Outcome = yield from self._node.submitting(request)
        return self._session.started(effect.id, outcome, visitor.name)

    def _follow(self, effect: Follow) -> Work:
        conversation_id = effect.conversation_id
        registers_late = self._node.broken == "read, then register"
        if not registers_late and self._listen(conversation_id):
            yield from self._node.settling()
        yield from self._node.reading()
        missing = read_missing(self._node.store, conversation_id, effect.after, visitor=True)
        yield from self._node.answering(self._node.site.chance.weather.follow_seconds)
        if registers_late:
            self._listen(conversation_id)
        effects: list[Effect] = []
        if missing.restart:
            effects = self._session.restarted(conversation_id, EPOCH, missing.after)
        facts = _wire(missing.facts)
        return [*effects, *self._session.caught_up(conversation_id, facts, more=missing.more)]

    def _listen(self, conversation_id: str) -> bool:
        topic = conversation_topic(conversation_id)
        if self._followed is not None and self._followed[0] == topic:
            return False
        if self._followed:
            self._followed[1]()
        told, apply = self._session.told, self._socket.apply

        unfollow = self._node.hub.follow(topic, lambda _, news: apply(told(news)))
        self._followed = (topic, unfollow)
        return True

    def _history(self, effect: LoadHistory) -> Work:
        yield from self._node.reading()
        window = (effect.before, effect.after, effect.limit)
        facts, more = read_page(self._node.store, effect.conversation_id, window, visitor=True)
        yield from self._node.answering()
        return self._session.history_loaded(effect.id, _wire(facts), more=more)

    def _marks(self, effect: LoadMarks) -> Work:
        yield from self._node.reading()
        marks = self._read_marks(self._node.store.rows[effect.conversation_id])
        yield from self._node.answering()
        return self._session.marks_loaded(effect.conversation_id, *marks)

    def _read_marks(self, state: Conversation) -> list[int]:
        store = self._node.store
        return [store.to_visitors(state.id, mark) for mark in store.furthest_marks(state)]

    def _typed(self, effect: Typed) -> None:
        visitor = self._here.visitor
        hint = TypingHint(self._session.id, "visitor", visitor.id, visitor.name, effect.on)
        self._node.broker.publish(conversation_topic(effect.conversation_id), encode(hint))

    def _told_own(self, _topic: str, news: object) -> None:
        if isinstance(news, RowHint):
            self._socket.apply(self._session.opened_elsewhere(news.conversation_id))

    @property
    def _here(self) -> Arrival:
        if self._arrival is None:
            raise BadToken
        return self._arrival


def _wire(facts: Sequence[StoredFact]) -> list[Fact]:
    return [frame for fact in facts if (frame := for_visitor(fact)) is not None]
