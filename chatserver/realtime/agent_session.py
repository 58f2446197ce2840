"""The agent's side of the wire as a state machine: frames and news in, effects out. No I/O."""

from collections.abc import Mapping, Sequence
from math import ceil

from chatserver.conversation.commands import MarkRead
from chatserver.conversation.outcome import Outcome
from chatserver.errors import ChatError, NotFound, TooManyRequests
from chatserver.identity.model import AgentSession as Signed
from chatserver.identity.permissions import require
from chatserver.protocol import agent as wire
from chatserver.protocol.codes import CloseCode
from chatserver.protocol.shared import (
    VERSION,
    Agent,
    Author,
    ClientPing,
    Expiring,
    Fact,
    Limits,
    Ok,
    Reply,
    Reset,
    ServerPong,
    Signal,
)
from chatserver.realtime.admission import Admitted, welcome
from chatserver.realtime.agent_requests import ACTIONS, AgentRequest, effect_of, submit
from chatserver.realtime.effects import (
    Arrive,
    Effect,
    Follow,
    Hang,
    Recheck,
    Send,
    Typed,
    Unfollow,
)
from chatserver.realtime.hints import AgentHint, ReadHint, Revocation, TypingHint, UnreadHint
from chatserver.realtime.inbox_view import InboxView
from chatserver.realtime.lease import Lease
from chatserver.realtime.manners import Manners, Pace, Patience, later
from chatserver.realtime.news import Delivery, News
from chatserver.realtime.replies import ok_for_agent
from chatserver.realtime.stream import Stream
from chatserver.realtime.streaming import caught_up, offer
from chatserver.realtime.unread import RowNews

# Threads one console may follow at a time: more than fit on any screen.
MAX_THREADS = 50
# How often a live socket asks whether its session still stands, in case nobody told it. Half of the
# time in which access must end with the bus dead.
RECHECK_SECONDS = 15.0


class AgentSession:
    """One console of one agent. Every method returns what is to be done, in order."""

    audience = "agent"

    def __init__(self, session_id: str, *, patience: Patience, limits: Limits, now: float) -> None:
        self.id = session_id
        self.signed: Signed | None = None
        self._hello: wire.Hello | None = None
        self._limits = limits
        self._ping_seconds = int(patience.ping_seconds)
        self._manners = Manners(patience, now)
        self._lease = Lease(patience.notice_seconds)
        self._streams: dict[str, Stream] = {}
        self._inbox = InboxView()
        self._is_behind = False
        self._recheck_at = now
        self._was_used = False

    @property
    def pending(self) -> int:
        """Requests that wait for their reply."""
        return self._manners.pending

    @property
    def was_used(self) -> bool:
        """Whether the agent did something since the last recheck."""
        return self._was_used

    def share(self, session_id: str, pace: Pace) -> None:
        """This is one of many short connections of the same tab: what they have in common."""
        self.id = session_id
        self._manners.pace = pace

    # What the socket says

    def frame_refused(self, error: ChatError) -> list[Effect]:
        """A frame could not be read."""
        if self.signed is None:
            return [Hang(CloseCode.BAD_PROTOCOL, error.code)]
        return self._manners.refuse(error)

    def frame_received(self, frame: wire.ClientMessage, now: float) -> list[Effect]:
        if isinstance(frame, wire.Hello):
            return self._greet(frame)
        if self.signed is None:
            return [Hang(CloseCode.BAD_PROTOCOL, "hello comes first")]
        try:
            if type(frame) in ACTIONS:
                require(self.signed.role, ACTIONS[type(frame)])
            return self._answer(frame, now)
        except ChatError as error:
            return self._manners.refuse(error, getattr(frame, "id", None))

    def ticked(self, now: float) -> list[Effect]:
        greeted = self.signed is not None
        effects = self._manners.tick(now, greeted=greeted, head=self._inbox.position)
        if greeted and self._must_recheck(now):
            effects.append(Recheck(self._was_used))
            self._recheck_at, self._was_used = now + RECHECK_SECONDS, False
        return effects + self._lease.tick(now) if self._lease.is_near(now) else effects

    def fell_behind(self) -> list[Effect]:
        """The socket takes no more: stop handing facts over, remember what was sent."""
        self._is_behind = True
        return []

    def caught_breath(self) -> list[Effect]:
        """The socket is writable again: refill from the store."""
        self._is_behind = False
        self._manners.excuse()
        follows = [self._follow(key, stream.last) for key, stream in self._streams.items()]
        return [*follows, self._inbox.load(self._inbox.position)]

    # What the desk found out

    def refused(self, error: ChatError) -> list[Effect]:
        """The hello was not accepted."""
        return later(error) if error.temporary else [Hang(CloseCode.BAD_TICKET, error.code)]

    def arrived(self, found: Admitted) -> list[Effect]:
        self.signed = found.session
        v = min(VERSION, self._hello.v if self._hello else VERSION)
        said = welcome(found, self.id, v=v, limits=self._limits, ping=self._ping_seconds)
        return [Send(said), *self._resume(found)]

    def rows_loaded(
        self,
        position: int,
        rows: Sequence[RowNews],
        read: Mapping[str, int],
        *,
        anew: str | None = None,
    ) -> list[Effect]:
        """The inbox's own reading, and how many messages of these the agent has read; what changed
        meanwhile follows it, unless it was covered. `anew`: the cursor is too old to continue in
        this epoch, the client drops all and its threads begin again. That has to wait for the
        store, so it comes last: no live row may overtake these, or a client whose connection ends
        in between would go on from that row without the others."""
        if anew is None:
            return self._inbox.loaded(position, rows, read)
        self._inbox.position = 0
        follows = [self._follow(key, None) for key in self._streams]
        return [Send(Reset(anew)), *self._inbox.loaded(position, rows, read), *follows]

    def rows_changed(self, position: int, rows: Sequence[RowNews]) -> list[Effect]:
        """News from the workspace's inbox."""
        return self._inbox.changed(position, rows, is_behind=self._is_behind)

    def read_loaded(self, conversation_ids: Sequence[str], read: Mapping[str, int]) -> list[Effect]:
        """How many messages of these conversations the agent has read; of others, none."""
        return self._inbox.read_known(conversation_ids, read, is_behind=self._is_behind)

    def submitted(self, request_id: int, result: Outcome | ChatError) -> list[Effect]:
        self._manners.end_request()
        if isinstance(result, ChatError):
            return self._manners.refuse(result, request_id)
        return [Send(Reply(request_id, ok=ok_for_agent(result)))]

    def history_loaded(
        self, request_id: int, conversation_id: str, facts: list[Fact], *, more: bool
    ) -> list[Effect]:
        self._manners.end_request()
        ok = Ok(conversation=conversation_id, facts=facts, more=more)
        return [Send(Reply(request_id, ok=ok))]

    def done(self, request_id: int) -> list[Effect]:
        """A request that has nothing to say but yes."""
        self._manners.end_request()
        return [Send(Reply(request_id, ok=Ok()))]

    def failed(self, request_id: int | None, error: ChatError) -> list[Effect]:
        """An effect that answers a request could not be done."""
        if request_id is None:
            return [Hang(CloseCode.TRY_LATER, error.code)]
        self._manners.end_request()
        return self._manners.refuse(error, request_id)

    def followed(self, request_id: int | None, conversation_id: str, seq: int) -> list[Effect]:
        """The thread exists; its facts follow."""
        if request_id is None:
            return []
        self._manners.end_request()
        return [Send(Reply(request_id, ok=Ok(conversation=conversation_id, seq=seq)))]

    def follow_failed(
        self, request_id: int | None, conversation_id: str, error: ChatError
    ) -> list[Effect]:
        self._streams.pop(conversation_id, None)
        if request_id is None:
            return [Hang(CloseCode.TRY_LATER, error.code)] if error.temporary else []
        return self.failed(request_id, error)

    def caught_up(
        self, conversation_id: str, facts: list[Fact], *, more: bool = False
    ) -> list[Effect]:
        """The store was read behind what this console holds."""
        stream = self._streams.get(conversation_id)
        if stream is None or self._is_behind:
            return []  # who is behind asks again from where it is
        return caught_up(stream, conversation_id, facts, more=more)

    def restarted(self, conversation_id: str, epoch: str, after: int) -> list[Effect]:
        """What the client holds of a thread cannot be continued."""
        if conversation_id in self._streams:
            self._streams[conversation_id].last = after
        return [Send(Reset(epoch, conversation_id))]

    def visitor_has_read(self, conversation_id: str, seq: int) -> list[Effect]:
        return [Send(wire.State("read", conversation_id, seq))]

    # What the hub tells

    def told(self, conversation_id: str, news: News) -> list[Effect]:
        stream = self._streams.get(conversation_id)
        if self._is_behind or stream is None or self.signed is None:
            return []
        match news:
            case Delivery():
                frame = news.agent_frame(self.signed.agent_id)
                return offer(stream, conversation_id, news.fact.seq, frame)
            case TypingHint() if news.session != self.id:
                author = Author(news.kind, news.id, news.name)
                return [Send(Signal(conversation_id, author, news.on, draft=news.draft))]
            case ReadHint(is_visitor=True):
                return self.visitor_has_read(conversation_id, news.seq)
        return []

    def agent_changed(self, hint: AgentHint) -> list[Effect]:
        agent = Agent(hint.agent_id, hint.name)
        return self.changed(wire.State("agent", agent=agent, status=hint.status))

    def visitor_changed(self, visitor: wire.Visitor) -> list[Effect]:
        return self.changed(wire.State("visitor", visitor=visitor))

    def read_elsewhere(self, hint: UnreadHint) -> list[Effect]:
        """This agent read a conversation, here or in another tab."""
        unread = self._inbox.marked(hint)
        return self.changed(wire.State("unread", hint.conversation_id, unread=unread))

    def changed(self, state: wire.State) -> list[Effect]:
        """Something that every console of the workspace, or of the service, is told."""
        return [] if self.signed is None else [Send(state)]

    def stands(self, ends_at: float, now: float) -> list[Effect]:
        """The session was asked for and lasts until then, in monotonic seconds."""
        if self._lease.renew(ends_at):
            return [Send(Expiring(ceil(ends_at - now)))]
        return []

    def lapsed(self, now: float) -> list[Effect]:
        """The session was asked for and is over: grown old, or ended by somebody."""
        if self._lease.has_ended(now):
            return [Hang(CloseCode.TOKEN_EXPIRED, "session expired")]
        return [Hang(CloseCode.SIGNED_OUT, "signed out")]

    def revoked(self, revocation: Revocation) -> list[Effect]:
        """The agent signed out, was disabled or got another role."""
        if self.signed is None or revocation.revoked not in (None, self.signed.id):
            return []
        return [Hang(CloseCode.SIGNED_OUT, "signed out")]

    # Inside

    def _greet(self, hello: wire.Hello) -> list[Effect]:
        if self._hello is not None:
            return [Hang(CloseCode.BAD_PROTOCOL, "hello comes once")]
        if hello.v < 1 or len(hello.threads) > MAX_THREADS:
            return [Hang(CloseCode.BAD_PROTOCOL, "this version is not spoken here")]
        self._hello = hello
        return [Arrive(hello)]

    def _resume(self, found: Admitted) -> list[Effect]:
        hello = self._hello
        if hello is None or hello.resume is None:
            return [self._inbox.load(None)]
        if hello.resume.epoch != found.epoch or hello.resume.position > found.position:
            anew = [self._follow(key, None) for key in hello.threads]
            return [Send(Reset(found.epoch)), self._inbox.load(None), *anew]
        self._inbox.position = hello.resume.position
        follows = [self._follow(key, seq) for key, seq in hello.threads.items()]
        return [self._inbox.load(self._inbox.position), *follows]

    def _answer(self, frame: wire.ClientMessage, now: float) -> list[Effect]:
        match frame:
            case wire.Send() | wire.Assign() | wire.Close() | wire.Reopen() | wire.AskRating():
                self._manners.check_message(now)
                return self._request(frame)
            case wire.History() | wire.Thread() | wire.Status():
                return self._request(frame)
            case wire.Pong():
                self._manners.pong(frame.seen, now)
            case ClientPing() if self._manners.check_small(now):
                return [Send(ServerPong(self._inbox.position))]
            case wire.Bye():
                return [Hang(CloseCode.DONE)]
            case wire.Unthread():
                self._streams.pop(frame.conversation, None)
                return [Unfollow(frame.conversation)]
            case wire.Read() if frame.seq > 0 and self._manners.check_small(now):
                return [submit(self._actor(), None, frame.conversation, MarkRead(frame.seq))]
            case wire.Typing() if self._manners.check_small(now):
                self._check_followed(frame.conversation)
                return [Typed(frame.conversation, frame.on)]
        return []

    def _request(self, frame: AgentRequest) -> list[Effect]:
        self._was_used = True
        if isinstance(frame, wire.Thread):
            self._check_room(frame.conversation)
        effect = effect_of(frame, self._actor(), self._limits)
        self._manners.begin_request()
        if isinstance(effect, Follow):
            self._streams.setdefault(effect.conversation_id, Stream()).hold(effect.after or 0)
        return [effect]

    def _must_recheck(self, now: float) -> bool:
        """At the first tick, then regularly; at once when it may be over, and when what was just
        done keeps it from ending."""
        is_ending = self._lease.is_near(now) and self._was_used
        return now >= self._recheck_at or is_ending or self._lease.has_ended(now)

    def _actor(self) -> Signed:
        if self.signed is None:
            raise NotFound
        return self.signed

    def _check_room(self, conversation_id: str) -> None:
        if len(self._streams) >= MAX_THREADS and conversation_id not in self._streams:
            raise TooManyRequests(f"at most {MAX_THREADS} open threads")

    def _check_followed(self, conversation_id: str) -> None:
        if conversation_id not in self._streams:
            raise NotFound("open the thread first")

    def _follow(self, conversation_id: str, after: int | None) -> Follow:
        self._streams.setdefault(conversation_id, Stream()).hold(after or 0)
        return Follow(conversation_id, after)
