"""What every session asks of its client: a hello in time, pongs, patience, few mistakes. Pure."""

from math import ceil

from msgspec import Struct

from chatserver.errors import ChatError, RateLimited, TooManyRequests
from chatserver.protocol.codes import CloseCode
from chatserver.protocol.shared import Drain, Error, Ping, Problem, Reply
from chatserver.realtime.effects import Effect, Hang, Send

# Broken frames before we hang up: enough for a client with a bug to be diagnosed, too few to flood.
MAX_ERRORS = 20
# Requests sent although the server had said when to come back.
MAX_STRIKES = 5
# Frames that are neither requests nor messages (typing, read, pong): per second, and at once.
SMALL_RATE = 20.0
SMALL_BURST = 60


class Patience(Struct, frozen=True):
    """Limits of one kind of client. Seconds, and messages per second."""

    rate: float
    burst: int
    hello_seconds: float
    ping_seconds: float
    pong_seconds: float
    pending: int
    unseen_seconds: float = 60.0
    notice_seconds: float = 60.0
    draft_chars: int = 500


def later(error: ChatError) -> list[Effect]:
    """How a hello ends that may succeed another time: at the time that is named, if one is."""
    if error.retry_after is None:
        return [Hang(CloseCode.INTERNAL, error.code)]
    return [
        Send(Drain(round(error.retry_after * 1000))),
        Hang(CloseCode.TRY_LATER, error.code),
    ]


class Bucket:
    """A token bucket: `burst` at once, refilled with `rate` a second."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self._rate, self._burst, self._tokens, self._at = rate, burst, float(burst), now

    def take(self, now: float) -> float:
        """0 when a token was left, else the seconds until there is one."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        self._at = now
        if self._tokens > 1 - 1e-6:  # who waited exactly as long as told must not fail by rounding
            self._tokens = max(0.0, self._tokens - 1)
            return 0
        return (1 - self._tokens) / self._rate if self._rate else 3600


class Pace:
    """How fast a client sends and how often it was wrong. A connection has its own; all polls of
    one visitor or agent share one."""

    __slots__ = ("errors", "messages", "small", "strikes", "told_until")

    def __init__(self, patience: Patience, now: float) -> None:
        self.messages = Bucket(patience.rate, patience.burst, now)
        self.small = Bucket(SMALL_RATE, SMALL_BURST, now)
        self.errors = 0
        self.strikes = 0
        self.told_until = 0.0


class Manners:
    """Counts and clocks of one connection. Times are monotonic seconds."""

    __slots__ = (
        "_is_stuck",
        "_moved_at",
        "_patience",
        "_pinged_at",
        "_pinged_head",
        "_seen",
        "_waits_for_pong",
        "pace",
        "pending",
        "started_at",
    )

    def __init__(self, patience: Patience, now: float) -> None:
        self._patience = patience
        self.pace = Pace(patience, now)
        self._pinged_at = now
        self._pinged_head = 0
        self._waits_for_pong = False
        self._seen: int | None = None
        self._is_stuck = False
        self._moved_at = now
        self.pending = 0
        self.started_at = now

    def check_message(self, now: float) -> None:
        """Raises RateLimited when messages come too fast."""
        wait = self.pace.messages.take(now)
        if wait:
            self.pace.strikes += now < self.pace.told_until
            self.pace.told_until = now + wait
            raise RateLimited(retry_after=ceil(wait * 1000) / 1000)

    def check_small(self, now: float) -> bool:
        """Whether a typing, read or page frame may be acted on; else it is dropped in silence."""
        return not self.pace.small.take(now)

    def begin_request(self) -> None:
        """Raises TooManyRequests. Every call that returns needs one `end_request`."""
        if self.pending >= self._patience.pending:
            raise TooManyRequests(retry_after=1)
        self.pending += 1

    def end_request(self) -> None:
        self.pending -= 1

    def refuse(self, error: ChatError, request_id: int | None = None) -> list[Effect]:
        """Tells the client, and hangs up when it never learns."""
        if request_id is None:
            self.pace.errors += 1
            effects: list[Effect] = [Send(Error(problem(error)))]
        else:
            effects = [Send(Reply(request_id, error=problem(error)))]
        if self.pace.strikes > MAX_STRIKES:
            effects.append(Hang(CloseCode.RATE_LIMITED, "rate_limited"))
        elif self.pace.errors > MAX_ERRORS:
            effects.append(Hang(CloseCode.TOO_MANY_ERRORS, error.code))
        return effects

    def pong(self, seen: int | None, now: float) -> None:
        """What came before a ping is seen before its pong. Where it never is, somebody between us
        takes it, and a socket that can be written to proves nothing. None: the
        client does not say, and is not judged by it."""
        self._waits_for_pong = False
        before, self._seen = self._seen, seen
        self._is_stuck = seen is not None and seen < self._pinged_head and seen == before
        if not self._is_stuck:
            self._moved_at = now

    def excuse(self) -> None:
        """No answer could come while the client was behind."""
        self._waits_for_pong = self._is_stuck = False

    def tick(self, now: float, *, greeted: bool, head: int) -> list[Effect]:
        """What is due: the end of waiting for hello or pong, or the next ping. `head`: how far the
        client was sent what it has to apply."""
        if not greeted:
            late = now - self.started_at >= self._patience.hello_seconds
            return [Hang(CloseCode.NO_HELLO, "no hello")] if late else []
        since = now - self._pinged_at
        if self._waits_for_pong and since >= self._patience.pong_seconds:
            return [Hang(CloseCode.NO_PONG, "no pong")]
        if self._is_stuck and now - self._moved_at >= self._patience.unseen_seconds:
            return [Hang(CloseCode.SLOW, "nothing seen")]
        if not self._waits_for_pong and since >= self._patience.ping_seconds:
            self._pinged_at, self._waits_for_pong = now, True
            self._pinged_head = head
            return [Send(Ping(head))]
        return []


def problem(error: ChatError) -> Problem:
    """A failure as the wire shows it."""
    return Problem(error.code, error.message, error.temporary, error.retry_after, error.fields)
