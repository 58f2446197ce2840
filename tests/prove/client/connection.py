"""Staying connected: link.ts and connection.ts. Watchdog, backoff, what each close code means."""

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from chatserver.protocol.codes import CloseCode
from chatserver.protocol.shared import Drain, Ping
from tests.prove.schedule import Clock, Entry, cancel

ANSWER_MS = 10_000
SILENCE_MS = 35_000
PROBE_MS = 5_000
HELD_MS = 10_000
MAX_REFUSALS = 3
BASE_MS = 500
FIRST_MINUTE_MS = 60_000
CAP_SOON_MS, CAP_LATER_MS, CAP_HIDDEN_MS = 5_000, 20_000, 60_000

_encode = msgspec.json.Encoder().encode


class Line(Protocol):
    """A dialled transport."""

    def send(self, data: bytes) -> None: ...

    def close(self) -> None: ...


class Owner(Protocol):
    """The session around a connection."""

    hidden: bool

    def dial(self, connection: "Connection") -> Line: ...

    def hello(self) -> Any: ...

    def pong(self) -> Any: ...

    def probe(self) -> Any | None: ...

    def prepare(self, refusals: int, then: Callable[[str], None]) -> None: ...

    def received(self, frame: Any) -> None: ...

    def linked(self) -> None: ...

    def alive(self) -> None: ...


class Connection:
    """`stage` is off, waiting, preparing, opening, greeting, live or stopped."""

    def __init__(
        self, owner: Owner, clock: Clock, random: Callable[[], float], decode: Any
    ) -> None:
        self._owner, self._clock, self._random, self._decode = owner, clock, random, decode
        self._line: Line | None = None
        self._wait: Entry | None = None
        self._watch: Entry | None = None
        self._silent_at = 0.0
        self.trusts_silence = False
        # For whoever watches: after each frame, and after each change of the stage.
        self.looked: Callable[[], object] = _nothing
        self.changed: Callable[[], object] = _nothing
        self._forget("off")

    def _forget(self, stage: str) -> None:
        self.stage = stage
        self.code: int | None = None
        self._tries = 0
        self._refusals = 0
        self._troubled_since: float | None = None
        self._live_since: float | None = None
        self._asked_delay: float | None = None

    @property
    def is_worn_out(self) -> bool:
        """It had no rest for a minute, so it dials seldom: `CAP_LATER_MS`."""
        now, since, live = self._clock.now(), self._troubled_since, self._live_since
        has_held = live is not None and now - live >= HELD_MS
        return not has_held and since is not None and now - since >= FIRST_MINUTE_MS

    @property
    def has_yielded(self) -> bool:
        """A newer tab took its place."""
        return self.stage == "stopped" and self.code == CloseCode.REPLACED

    # What the session wants

    def start(self) -> None:
        if self.stage in ("off", "stopped"):
            self._forget("off")
            self._prepare()
            self._linked()

    def stop(self) -> None:
        self._forget("off")
        self._hang_up()
        self._rest()
        self._linked()

    def drop(self) -> None:
        """The peer does not answer: hang up and dial again."""
        if self._is_connected():
            self._hang_up()
            self._again()
            self._linked()

    def nudge(self) -> None:
        """The network came back or the page was looked at."""
        if self.stage == "waiting":
            self._tries, self._troubled_since = 0, None
            self._prepare()
            self._linked()
        elif self.stage == "live":
            self._watch_for(PROBE_MS)
            frame = self._owner.probe()
            if frame is None:
                self._watch_for(SILENCE_MS)
            else:
                self._write(frame)
        elif self.has_yielded:
            self.start()

    def send(self, frame: Any) -> bool:
        if self.stage != "live":
            return False
        self._write(frame)
        return True

    # What the transport says

    def opened(self, line: Line) -> None:
        if line is self._line and self.stage == "opening":
            self.stage = "greeting"
            self._write(self._owner.hello())
            self._watch_for(ANSWER_MS)
            self._linked()

    def message(self, line: Line, data: bytes) -> None:
        if line is not self._line:
            return
        frame = self._decode(data)
        if type(frame).__struct_config__.tag == "welcome":
            self._welcomed()
        elif self.stage == "live":
            self._silent_at = self._clock_ms() + SILENCE_MS
        if isinstance(frame, Drain):
            self._asked_delay = frame.reconnect_in_ms
            self._linked()
        self._owner.received(frame)
        if isinstance(frame, Ping):
            self._write(self._owner.pong())
        self.looked()

    def alive(self, line: Line) -> None:
        """The peer answered, although it had nothing to say."""
        if line is self._line and self.stage == "live":
            self._silent_at = self._clock_ms() + SILENCE_MS
            self._owner.alive()

    def introduce(self, then: Callable[[str, Any], None]) -> None:
        """Another hello, for a transport that has to say it more than once."""

        def prepared(result: str) -> None:
            then(result, self._owner.hello() if result == "ready" else None)

        self._owner.prepare(0, prepared)

    def closed(self, line: Line, code: int) -> None:
        if line is not self._line:
            return
        self._line = None
        if self._is_connected():
            self._lost(code)
            self._linked()

    # Inside

    def _linked(self) -> None:
        self._owner.linked()
        self.changed()

    def _is_connected(self) -> bool:
        return self.stage in ("opening", "greeting", "live")

    def _welcomed(self) -> None:
        self.stage, self._live_since = "live", self._clock.now()
        self._refusals, self._asked_delay = 0, None
        self._watch_for(SILENCE_MS)
        self._linked()

    def _prepare(self) -> None:
        self.stage = "preparing"
        cancel(self._wait)
        self._owner.prepare(self._refusals, self._prepared)

    def _prepared(self, result: str) -> None:
        if self.stage != "preparing":
            return
        if result == "ready":
            self.stage = "opening"
            self._line = self._owner.dial(self)
            self._watch_for(ANSWER_MS)
        elif result == "stop":
            self._stop(CloseCode.SIGNED_OUT)
        else:
            self._again()
        self._linked()

    def _lost(self, code: int) -> None:
        refused = code in (CloseCode.BAD_TICKET, CloseCode.TOKEN_EXPIRED)
        if refused and self._refusals + 1 < MAX_REFUSALS:
            self._refusals += 1
            self._again()
        elif refused or code >= 4500 or code == CloseCode.TOO_BIG:
            self._stop(code)
        else:
            self._again()

    def _stop(self, code: int) -> None:
        self.stage, self.code, self._live_since = "stopped", code, None
        self._rest()

    def _again(self) -> None:
        now = self._clock.now()
        if self._live_since is not None and now - self._live_since >= HELD_MS:
            self._tries, self._troubled_since = 0, now
        elif self._troubled_since is None:
            self._troubled_since = now
        self.stage, self._live_since = "waiting", None
        asked, self._asked_delay = self._asked_delay, None
        ms = self._backoff(now) if asked is None else asked
        self._tries += 1
        self._rest()
        self._wait = self._clock.later(ms, self._due)

    def _backoff(self, now: float) -> float:
        troubled = now - (now if self._troubled_since is None else self._troubled_since)
        cap = CAP_SOON_MS if troubled < FIRST_MINUTE_MS else CAP_LATER_MS
        if self._owner.hidden:
            cap = CAP_HIDDEN_MS
        longest = min(cap, BASE_MS << min(self._tries, 16))
        return self._random() * longest

    def _due(self) -> None:
        if self.stage == "waiting":
            self._prepare()
            self._linked()

    def _watch_for(self, ms: float) -> None:
        """One timer, moved on lazily: every frame that is heard would set a new one."""
        self._silent_at = self._clock_ms() + ms
        cancel(self._watch)
        self._watch = self._clock.later(ms, self._look)

    def _look(self) -> None:
        left = self._silent_at - self._clock_ms()
        if left > 1e-6:
            self._watch = self._clock.later(left, self._look)
        elif not self.trusts_silence:
            self.drop()

    def _clock_ms(self) -> float:
        """Even time: timers do not care for the wall clock."""
        return self._clock.now() - self._clock.jump_ms

    def _rest(self) -> None:
        cancel(self._wait)
        cancel(self._watch)

    def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            line.close()

    def _write(self, frame: Any) -> None:
        if self._line is not None:
            self._line.send(_encode(frame))


def _nothing() -> None:
    return None
