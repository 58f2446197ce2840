"""The visitor's side of the wire as a state machine: frames and news in, effects out. No I/O."""

from msgspec import Struct

from chatserver.conversation.commands import Close, MarkRead, Request, SendMessage
from chatserver.conversation.model import Actor, AuthorKind, Conversation
from chatserver.conversation.outcome import Outcome
from chatserver.errors import ChatError, NotFound
from chatserver.identity.model import Arrival
from chatserver.protocol import visitor as wire
from chatserver.protocol.codes import CloseCode
from chatserver.protocol.shared import VERSION, Author, Fact, Limits, Ok, Reply, Reset, Signal
from chatserver.protocol.text import check_client_id, check_message
from chatserver.realtime.effects import (
    Arrive,
    Effect,
    Follow,
    Hang,
    LoadHistory,
    Moved,
    Renew,
    Send,
    Start,
    Submit,
    Typed,
)
from chatserver.realtime.hints import ReadHint, TypingHint
from chatserver.realtime.manners import Manners, Pace, Patience
from chatserver.realtime.news import Delivery, News
from chatserver.realtime.replies import ok_for_visitor
from chatserver.realtime.stream import Stream
from chatserver.realtime.streaming import caught_up, offer


class Arrived(Struct, frozen=True):
    """What the desk found out about a hello. Read marks are in the visitor's numbers."""

    arrival: Arrival
    epoch: str
    now: str
    availability: wire.Availability
    conversation: Conversation | None
    read: int = 0
    agent_read: int = 0


class VisitorSession:
    """One tab of one visitor. Every method returns what is to be done, in order."""

    audience = "visitor"

    def __init__(self, session_id: str, *, patience: Patience, limits: Limits, now: float) -> None:
        self.id = session_id
        self.conversation_id: str | None = None
        self._actor: Actor | None = None
        self._workspace_id = ""
        self._hello: wire.Hello | None = None
        self._limits = limits
        self._ping_seconds = int(patience.ping_seconds)
        self._manners = Manners(patience, now)
        self._stream = Stream()
        self._agent_read = 0
        self._is_behind = False

    @property
    def pending(self) -> int:
        """Requests that wait for their reply."""
        return self._manners.pending

    def share(self, session_id: str, pace: Pace) -> None:
        """This is one of many short connections of the same tab: what they have in common."""
        self.id = session_id
        self._manners.pace = pace

    # What the socket says

    def frame_refused(self, error: ChatError) -> list[Effect]:
        """A frame could not be read."""
        if self._actor is None:
            return [Hang(CloseCode.BAD_PROTOCOL, error.code)]
        return self._manners.refuse(error)

    def frame_received(self, frame: wire.ClientMessage, now: float) -> list[Effect]:
        if isinstance(frame, wire.Hello):
            return self._greet(frame)
        if self._actor is None:
            return [Hang(CloseCode.BAD_PROTOCOL, "hello comes first")]
        try:
            return self._answer(frame, now)
        except ChatError as error:
            return self._manners.refuse(error, getattr(frame, "id", None))

    def ticked(self, now: float) -> list[Effect]:
        greeted = self._actor is not None
        return self._manners.tick(now, greeted=greeted, head=self._stream.last)

    def fell_behind(self) -> list[Effect]:
        """The socket takes no more: stop handing facts over, remember what was sent."""
        self._is_behind = True
        return []

    def caught_breath(self) -> list[Effect]:
        """The socket is writable again: refill from the store."""
        self._is_behind = False
        if self.conversation_id is None:
            return []
        return [self._follow(self.conversation_id, self._stream.last)]

    # What the desk found out

    def refused(self, error: ChatError) -> list[Effect]:
        """The hello was not accepted."""
        code = CloseCode.SITE_DISABLED if isinstance(error, NotFound) else CloseCode.BAD_TICKET
        return [Hang(CloseCode.INTERNAL if error.temporary else code, error.code)]

    def arrived(self, found: Arrived) -> list[Effect]:
        visitor = found.arrival.visitor
        self._agent_read = found.agent_read
        self._actor = Actor(AuthorKind.VISITOR, visitor.id, visitor.name)
        self._workspace_id = visitor.workspace_id
        welcome = wire.Welcome(
            v=min(VERSION, self._hello.v if self._hello else VERSION),
            session=self.id,
            you=wire.You(visitor.id, visitor.name, visitor.email),
            epoch=found.epoch,
            now=found.now,
            ping=self._ping_seconds,
            limits=self._limits,
            availability=found.availability,
            conversation=_head(found),
            token=found.arrival.token,
        )
        return [Send(welcome), *self._resume(found)]

    def started(self, request_id: int, outcome: Outcome, name: str | None) -> list[Effect]:
        """The conversation is open: answer, and follow it unless this tab does already."""
        self._manners.end_request()
        state = outcome.state
        if self._actor and name:
            self._actor = Actor(AuthorKind.VISITOR, self._actor.id, name)
        ok = Ok(conversation=state.id, seq=state.visitor_seq)
        effects: list[Effect] = [Send(Reply(request_id, ok=ok))]
        if self.conversation_id != state.id:
            self._agent_read = 0
            effects.append(self._follow(state.id, 0))
        return effects

    def submitted(self, request_id: int | None, result: Outcome | ChatError) -> list[Effect]:
        if request_id is None:
            return []
        self._manners.end_request()
        if isinstance(result, ChatError):
            return self._manners.refuse(result, request_id)
        return [Send(Reply(request_id, ok=ok_for_visitor(result)))]

    def history_loaded(self, request_id: int, facts: list[Fact], *, more: bool) -> list[Effect]:
        self._manners.end_request()
        ok = Ok(conversation=self.conversation_id, facts=facts, more=more)
        return [Send(Reply(request_id, ok=ok))]

    def renewed(self, request_id: int, token: str) -> list[Effect]:
        self._manners.end_request()
        return [Send(Reply(request_id, ok=Ok(token=token)))]

    def failed(self, request_id: int | None, error: ChatError) -> list[Effect]:
        """An effect that answers a request could not be done."""
        if request_id is None:
            return [Hang(CloseCode.TRY_LATER, error.code)]
        self._manners.end_request()
        return self._manners.refuse(error, request_id)

    def caught_up(self, conversation_id: str, facts: list[Fact]) -> list[Effect]:
        """The store was read behind what this tab holds; `facts` follow on it without a hole."""
        if conversation_id != self.conversation_id:
            return []
        return caught_up(self._stream, conversation_id, facts)

    def restarted(self, conversation_id: str, epoch: str, after: int) -> list[Effect]:
        """What the client holds is too far behind: drop it, the newest page follows."""
        self._stream.last = after
        return [Send(Reset(epoch, conversation_id))]

    # What the hub tells

    def told(self, news: News) -> list[Effect]:
        if self._is_behind or self._actor is None:
            return []
        match news:
            case Delivery():
                seq = news.fact.visitor_seq
                if seq is None or news.fact.conversation_id != self.conversation_id:
                    return []
                return offer(self._stream, self.conversation_id, seq, news.visitor_frame())
            case TypingHint(kind="agent") if self.conversation_id:
                author = Author("agent", news.id, news.name)
                return [Send(Signal(self.conversation_id, author, news.on))]
            case ReadHint(is_visitor=False) if news.visitor_seq > self._agent_read:
                self._agent_read = news.visitor_seq  # the furthest of all agents
                return [Send(wire.State("read", self.conversation_id, news.visitor_seq))]
        return []

    def opened_elsewhere(self, conversation_id: str) -> list[Effect]:
        """Another tab of this visitor began to write: this one joins."""
        if self._actor is None or conversation_id == self.conversation_id:
            return []
        news = wire.State("conversation", conversation_id)
        return [Send(news), self._follow(conversation_id, 0)]

    def availability_changed(self, availability: wire.Availability) -> list[Effect]:
        if self._actor is None:
            return []
        return [Send(wire.State("availability", availability=availability))]

    # Inside

    def _greet(self, hello: wire.Hello) -> list[Effect]:
        if self._hello is not None:
            return [Hang(CloseCode.BAD_PROTOCOL, "hello comes once")]
        if hello.v < 1:
            return [Hang(CloseCode.BAD_PROTOCOL, "this version is not spoken here")]
        self._hello = hello
        return [Arrive(hello)]

    def _answer(self, frame: wire.ClientMessage, now: float) -> list[Effect]:
        match frame:
            case wire.Send() | wire.Open() | wire.Close():
                self._manners.check_message(now)
                return self._request(frame)
            case wire.History() | wire.Refresh():
                return self._request(frame)
            case wire.Pong():
                self._manners.pong(frame.seen, now)
            case wire.Bye():
                return [Hang(CloseCode.DONE)]
            case wire.Read() | wire.Typing() | wire.PageView() if self._manners.check_small(now):
                return self._small(frame)
        return []

    def _request(
        self, frame: wire.Send | wire.Open | wire.Close | wire.History | wire.Refresh
    ) -> list[Effect]:
        effect: Effect
        match frame:
            case wire.Send():
                self._check_own(frame.conversation)
                client_id = check_client_id(frame.client_id)
                text, files = check_message(frame.text, frame.files, self._limits)
                effect = self._submit(frame.id, SendMessage(client_id, text, files=files))
            case wire.Open():
                check_client_id(frame.client_id)
                form = frame.form or wire.Form()
                effect = Start(frame.id, form.name, form.email)
            case wire.Close():
                self._check_own(frame.conversation)
                effect = self._submit(frame.id, Close("visitor", frame.expect_seq))
            case wire.History():
                self._check_own(frame.conversation)
                limit = max(1, min(frame.limit, self._limits.history))
                effect = LoadHistory(frame.id, frame.conversation, frame.before, frame.after, limit)
            case wire.Refresh():
                effect = Renew(frame.id, frame.token)
        self._manners.begin_request()
        return [effect]

    def _small(self, frame: wire.Read | wire.Typing | wire.PageView) -> list[Effect]:
        match frame:
            case wire.PageView():
                return [Moved(frame.url, frame.title)]
            case wire.Typing() if frame.conversation == self.conversation_id:
                return [Typed(frame.conversation, frame.on)]
            case wire.Read() if frame.conversation == self.conversation_id and frame.seq > 0:
                return [self._submit(None, MarkRead(frame.seq))]
        return []

    def _submit(self, request_id: int | None, command: SendMessage | Close | MarkRead) -> Submit:
        assert self._actor is not None  # every caller comes after `arrived`
        conversation_id = self.conversation_id or ""
        request = Request(self._workspace_id, conversation_id, self._actor, command)
        return Submit(request_id, request)

    def _check_own(self, conversation_id: str) -> None:
        if conversation_id != self.conversation_id:
            raise NotFound

    def _resume(self, found: Arrived) -> list[Effect]:
        if found.conversation is None:
            return []
        state = found.conversation
        resume = self._hello.resume if self._hello else None
        if resume is None or resume.conversation != state.id:
            return [self._follow(state.id, None)]
        if resume.epoch != found.epoch or not 0 <= resume.seq <= state.visitor_seq:
            return [Send(Reset(found.epoch, state.id)), self._follow(state.id, None)]
        return [self._follow(state.id, resume.seq)]

    def _follow(self, conversation_id: str, after: int | None) -> Follow:
        self.conversation_id = conversation_id
        self._stream.hold(after or 0)
        return Follow(conversation_id, after)


def _head(found: Arrived) -> wire.Head | None:
    state = found.conversation
    if state is None:
        return None
    return wire.Head(state.id, state.visitor_seq, state.phase.value, found.read, found.agent_read)
