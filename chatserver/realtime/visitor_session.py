"""The visitor's side of the wire as a state machine: frames and news in, effects out. No I/O."""

from math import inf

from chatserver.conversation.commands import MarkRead
from chatserver.conversation.events import Identified
from chatserver.conversation.model import Actor, AuthorKind
from chatserver.conversation.outcome import Outcome
from chatserver.errors import ChatError, NotFound
from chatserver.protocol import visitor as wire
from chatserver.protocol.codes import CloseCode
from chatserver.protocol.shared import (
    VERSION,
    Author,
    ClientPing,
    Fact,
    Limits,
    Ok,
    Reply,
    Reset,
    ServerPong,
    Signal,
)
from chatserver.realtime.effects import (
    Arrive,
    Effect,
    Follow,
    Hang,
    LoadMarks,
    LookAgain,
    Moved,
    Send,
    Typed,
)
from chatserver.realtime.hints import ReadHint, TypingHint
from chatserver.realtime.lease import Lease
from chatserver.realtime.manners import Manners, Pace, Patience, later
from chatserver.realtime.news import Delivery, News
from chatserver.realtime.preview import Preview
from chatserver.realtime.replies import ok_for_visitor
from chatserver.realtime.stream import Stream
from chatserver.realtime.streaming import caught_up, offer
from chatserver.realtime.visitor_requests import Asker, VisitorRequest, effect_of, submit
from chatserver.realtime.visitor_welcome import Arrived, Door, welcome_of


class VisitorSession:
    """One tab of one visitor. Every method returns what is to be done, in order."""

    audience = "visitor"

    def __init__(self, session_id: str, *, patience: Patience, limits: Limits, now: float) -> None:
        self.id = session_id
        self.conversation_id: str | None = None
        self._actor: Actor | None = None
        self._workspace_id = ""
        self._former: tuple[str, ...] = ()
        self._hello: wire.Hello | None = None
        self._limits = limits
        self._ping_seconds = int(patience.ping_seconds)
        self._manners = Manners(patience, now)
        self._lease = Lease(patience.notice_seconds)
        self._preview = Preview(patience.draft_chars)
        self._stream = Stream()
        self._read = 0
        self._agent_read = 0
        self._begun: str | None = None
        self._is_behind = False
        self._door: Door | None = None
        self._turns_at = inf

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
        effects = self._manners.tick(now, greeted=greeted, head=self._stream.last)
        if self._lease.has_ended(now):
            return [Hang(CloseCode.TOKEN_EXPIRED, "token expired")]
        if now >= self._turns_at:
            self._turns_at = inf
            effects = [*effects, LookAgain()]
        return effects + self._lease.tick(now) if self._lease.is_near(now) else effects

    def fell_behind(self) -> list[Effect]:
        """The socket takes no more: stop handing facts over, remember what was sent."""
        self._is_behind = True
        return []

    def caught_breath(self) -> list[Effect]:
        """The socket is writable again: refill from the store."""
        self._is_behind = False
        self._manners.excuse()
        if self.conversation_id is None:
            return []
        follow = self._follow(self.conversation_id, self._stream.last)
        return [follow, LoadMarks(self.conversation_id)]

    # What the desk found out

    def refused(self, error: ChatError) -> list[Effect]:
        """The hello was not accepted."""
        code = CloseCode.SITE_DISABLED if isinstance(error, NotFound) else CloseCode.BAD_TICKET
        return later(error) if error.temporary else [Hang(code, error.code)]

    def arrived(self, found: Arrived) -> list[Effect]:
        visitor = found.arrival.visitor
        self._read, self._agent_read = found.read, found.agent_read
        self._lease.renew(found.ends_at)
        self._door, self._turns_at = found.door, found.door.turns_at
        self._preview.is_shared = found.arrival.site.drafts
        self._actor = Actor(AuthorKind.VISITOR, visitor.id, visitor.name)
        self._workspace_id = visitor.workspace_id
        self._former = tuple(before.id for before in found.arrival.former)
        spoken = min(VERSION, self._hello.v if self._hello else VERSION)
        welcome = welcome_of(
            found, session=self.id, v=spoken, ping=self._ping_seconds, limits=self._limits
        )
        effects = [Send(welcome), *self._resume(found)]
        begun, self._begun = self._begun, None
        return effects if begun is None else [*effects, *self.opened_elsewhere(begun)]

    def started(self, request_id: int, outcome: Outcome, name: str | None) -> list[Effect]:
        """The conversation is open: answer, and follow it unless this tab does already."""
        self._manners.end_request()
        state = outcome.state
        if self._actor and name:
            self._actor = Actor(AuthorKind.VISITOR, self._actor.id, name)
        ok = Ok(conversation=state.id, seq=state.visitor_seq)
        effects: list[Effect] = [Send(Reply(request_id, ok=ok))]
        if self.conversation_id != state.id:
            effects.append(self._enter(state.id))
        return effects

    def submitted(self, request_id: int, result: Outcome | ChatError) -> list[Effect]:
        self._manners.end_request()
        if isinstance(result, ChatError):
            return self._manners.refuse(result, request_id)
        return [Send(Reply(request_id, ok=ok_for_visitor(result)))]

    def history_loaded(self, request_id: int, facts: list[Fact], *, more: bool) -> list[Effect]:
        self._manners.end_request()
        ok = Ok(conversation=self.conversation_id, facts=facts, more=more)
        return [Send(Reply(request_id, ok=ok))]

    def renewed(self, request_id: int, token: str, ends_at: float) -> list[Effect]:
        """The client has a new token, which ends later than the one it came with."""
        self._manners.end_request()
        self._lease.renew(ends_at)
        return [Send(Reply(request_id, ok=Ok(token=token)))]

    def described(self, request_id: int, name: str | None) -> list[Effect]:
        """What the page said is kept; the visitor may have another name now."""
        self._manners.end_request()
        if self._actor:
            self._actor = Actor(AuthorKind.VISITOR, self._actor.id, name)
        return [Send(Reply(request_id, ok=Ok()))]

    def marks_loaded(self, conversation_id: str, read: int, agent_read: int) -> list[Effect]:
        """How far both sides have read, in the visitor's numbers; what is new of it is told."""
        if conversation_id != self.conversation_id:
            return []
        return self._read_by_visitor(read) + self._read_by_agents(agent_read)

    def failed(self, request_id: int | None, error: ChatError) -> list[Effect]:
        """An effect that answers a request could not be done."""
        if request_id is None:
            return [Hang(CloseCode.TRY_LATER, error.code)]
        self._manners.end_request()
        return self._manners.refuse(error, request_id)

    def caught_up(
        self, conversation_id: str, facts: list[Fact], *, more: bool = False
    ) -> list[Effect]:
        """The store was read behind what this tab holds; `facts` follow on it without a hole."""
        if conversation_id != self.conversation_id or self._is_behind:
            return []  # who is behind asks again from where it is
        return caught_up(self._stream, conversation_id, facts, more=more)

    def restarted(self, conversation_id: str, epoch: str, after: int) -> list[Effect]:
        """What the client holds is too far behind: drop it, the newest page follows."""
        if conversation_id != self.conversation_id:
            return []  # another one began meanwhile, with numbers of its own
        self._stream.last = after
        return [Send(Reset(epoch, conversation_id))]

    # What the hub tells

    def told(self, news: News) -> list[Effect]:
        if self._actor is None:
            return []
        if isinstance(news, Delivery) and isinstance(news.fact.event, Identified):
            return self._identified(news.fact.event)
        if self._is_behind:
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
            case ReadHint(is_visitor=True):
                return self._read_by_visitor(news.visitor_seq)
            case ReadHint():
                return self._read_by_agents(news.visitor_seq)
        return []

    def opened_elsewhere(self, conversation_id: str) -> list[Effect]:
        """Another tab of this visitor began to write, or an agent opened again what was over: this
        tab joins."""
        if self._actor is None:
            self._begun = conversation_id  # the store may have been read before, for the welcome
            return []
        if conversation_id == self.conversation_id:
            return []
        news = wire.State("conversation", conversation_id)
        return [Send(news), self._enter(conversation_id), LoadMarks(conversation_id)]

    def sent_back(self) -> list[Effect]:
        """This visitor was identified, or logged out, elsewhere: who holds no other token than the
        one from before is a stranger from now on."""
        self._actor = None
        return [Hang(CloseCode.RESYNC, "come again")]

    def door_changed(self, door: Door) -> list[Effect]:
        """Agents came or went, the site opened or closed, or has other hours now."""
        before, self._door, self._turns_at = self._door, door, door.turns_at
        if self._actor is None or before is None or before.says() == door.says():
            return []
        availability, opening = door.says()
        return [Send(wire.State("availability", availability=availability, next_opening=opening))]

    def drafts_changed(self, shared: bool) -> list[Effect]:
        """The site's owner wants to see drafts from now on, or no longer."""
        if self._actor is None or shared == self._preview.is_shared:
            return []
        self._preview.is_shared = shared
        return [Send(wire.State("drafts", drafts=shared))]

    # Inside

    def _identified(self, event: Identified) -> list[Effect]:
        """The conversation went over to a customer, and this one is not (yet) that customer."""
        if self._actor is None or event.visitor_id == self._actor.id:
            return []
        return self.sent_back()

    def _greet(self, hello: wire.Hello) -> list[Effect]:
        if self._hello is not None:
            return [Hang(CloseCode.BAD_PROTOCOL, "hello comes once")]
        if hello.v < 1:
            return [Hang(CloseCode.BAD_PROTOCOL, "this version is not spoken here")]
        self._hello = hello
        return [Arrive(hello)]

    def _answer(self, frame: wire.ClientMessage, now: float) -> list[Effect]:
        match frame:
            case wire.Send() | wire.Open() | wire.Close() | wire.Rate() | wire.Describe():
                self._manners.check_message(now)
                return self._request(frame)
            case wire.History() | wire.Refresh():
                return self._request(frame)
            case wire.Pong():
                self._manners.pong(frame.seen, now)
            case ClientPing() if self._manners.check_small(now):
                return [Send(ServerPong(self._stream.last))]
            case wire.Bye():
                return [Hang(CloseCode.DONE)]
            case wire.Read() | wire.Typing() | wire.PageView() if self._manners.check_small(now):
                return self._small(frame, now)
        return []

    def _request(self, frame: VisitorRequest) -> list[Effect]:
        if isinstance(frame, wire.Send | wire.Close | wire.History):
            self._check_own(frame.conversation)
        effect = effect_of(frame, self._asker, self._limits)
        self._manners.begin_request()
        return [effect]

    def _small(self, frame: wire.Read | wire.Typing | wire.PageView, now: float) -> list[Effect]:
        match frame:
            case wire.PageView():
                return [Moved(frame.url, frame.title)]
            case wire.Typing() if frame.conversation == self.conversation_id:
                return self._typed(frame, now)
            case wire.Read() if frame.conversation == self.conversation_id and frame.seq > 0:
                self._read = max(self._read, frame.seq)  # so that its echo is no news
                command = MarkRead(frame.seq)
                return [submit(self._asker, None, frame.conversation, command)]
        return []

    def _typed(self, frame: wire.Typing, now: float) -> list[Effect]:
        if not frame.on or frame.draft is None or not self._preview.is_shared:
            return [Typed(frame.conversation, frame.on)]
        draft = self._preview.shown(frame.draft, now)
        return [] if draft is None else [Typed(frame.conversation, True, draft)]

    def _read_by_visitor(self, seq: int) -> list[Effect]:
        if seq <= self._read or self.conversation_id is None:
            return []
        self._read = seq
        return [Send(wire.State("seen", self.conversation_id, seq))]

    def _read_by_agents(self, seq: int) -> list[Effect]:
        """`seq` is the furthest of all agents."""
        if seq <= self._agent_read or self.conversation_id is None:
            return []
        self._agent_read = seq
        return [Send(wire.State("read", self.conversation_id, seq))]

    @property
    def _asker(self) -> Asker:
        assert self._actor is not None  # every caller comes after `arrived`
        return Asker(self._workspace_id, self._actor, self._former)

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

    def _enter(self, conversation_id: str) -> Follow:
        """Goes over to another conversation. It may be a long one that begins again."""
        self._read = self._agent_read = 0
        return self._follow(conversation_id, None)

    def _follow(self, conversation_id: str, after: int | None) -> Follow:
        self.conversation_id = conversation_id
        self._stream.hold(after or 0)
        return Follow(conversation_id, after)
