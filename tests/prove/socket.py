"""One socket as the server sees it: realtime/connection.py without a loop. A task is a generator
that yields what it waits for."""

from collections import deque
from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from chatserver.conversation.commands import Request
from chatserver.conversation.outcome import Outcome
from chatserver.errors import ChatError
from chatserver.protocol.codec import Decoder, encode
from chatserver.protocol.codes import CloseCode
from chatserver.protocol.shared import Drain
from chatserver.realtime.connection import Session
from chatserver.realtime.effects import Effect, Hang, Send, SendBytes, Submit
from chatserver.realtime.seats import Seat
from tests.prove.link import Link

if TYPE_CHECKING:
    from tests.prove.commits import Commits
    from tests.prove.polling import Exchange

# Far below the real limits, so that readers fall behind within seconds.
OUTBOX_FRAMES = 8
OUTBOX_BYTES = 16384
SLOW_SECONDS = 30.0

# What a task yields: seconds to wait, or a function that is given the way to resume it.
Task = Generator[Any, Any, None]
Work = Generator[Any, Any, Sequence[Effect]]


class Host(Protocol):
    """The node of a socket."""

    commits: "Commits"

    @property
    def now(self) -> float: ...

    @property
    def has_store(self) -> bool: ...

    def spawn(self, task: Task) -> None: ...

    def wrote(self, socket: "Socket", data: bytes) -> None: ...

    def fell_behind(self) -> None: ...


class Desk(Protocol):
    def perform(self, effect: Effect) -> Work: ...

    def leave(self) -> None: ...


class Socket:
    desk: Desk
    seat: Seat

    def __init__(
        self, host: Host, link: "Link | Exchange", session: Session, decoder: Decoder[Any]
    ) -> None:
        self.host, self.session = host, session
        self.link = link
        self._decoder = decoder
        self._inbound: deque[bytes] = deque()
        self._outbox: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._is_reading = False
        self._is_behind = False
        self._behind_since = 0.0
        self._unsaved: dict[str, Request] = {}
        self._closing: Hang | None = None
        self._blocked_at = 0.0
        self.is_gone = False

    # The link

    def received(self, data: bytes) -> None:
        self._inbound.append(data)
        if not self._is_reading:
            self._read()

    def peer_gone(self) -> None:
        if not self.is_gone:
            self.is_gone = True
            self._closing = Hang(CloseCode.DONE)
            self.desk.leave()

    def writable(self) -> None:
        while self._outbox and not self.link.is_stalled:
            data = self._outbox.popleft()
            self._waiting_bytes -= len(data)
            self._write(data)
        if self._outbox or self.is_gone:
            return
        if self._closing is not None:
            self._close()
        elif self._is_behind:
            self._is_behind = False
            self.apply(self.session.caught_breath())

    # The session

    def ticked(self, now: float) -> None:
        if self._is_behind and now - self._behind_since >= SLOW_SECONDS:
            self.hang(CloseCode.SLOW, "too slow")
        if self._closing is None:
            if self._unsaved and self.host.has_store:
                self._save()
            effects = self.session.ticked(now)
            if effects:
                self.apply(effects)
        if self._outbox and now - self._blocked_at >= SLOW_SECONDS:
            self.link.cut("slow reader")

    def apply(self, effects: Sequence[Effect]) -> None:
        """Does effects from where nothing can wait: the hub, the wheel, a commit."""
        for index, effect in enumerate(effects):
            if not self._do_now(effect):
                self.host.spawn(self._do(effects[index:]))
                return

    def hang(self, code: CloseCode, reason: str) -> None:
        if code.ends_access or code is CloseCode.SLOW:
            self._outbox.clear()
            self._waiting_bytes = 0
        if self._closing is None:
            self._closing = Hang(code, reason)
            if not self._outbox:
                self._close()

    def drain(self, reconnect_in_ms: int) -> None:
        self._push(encode(Drain(reconnect_in_ms)))
        self.hang(CloseCode.DRAIN, "drain")

    # Inside

    def _read(self) -> None:
        """Frames one after the other; one that needs waiting stops those behind it."""
        while self._inbound and self._closing is None:
            effects = self._effects_of(self._inbound.popleft())
            for index, effect in enumerate(effects):
                if not self._do_now(effect):
                    self._is_reading = True
                    self.host.spawn(self._do_then_read(effects[index:]))
                    return
        self.link.all_read()

    def _effects_of(self, data: bytes) -> list[Effect]:
        try:
            frame = self._decoder.decode(data)
        except ChatError as error:
            return self.session.frame_refused(error)
        return self.session.frame_received(frame, self.host.now)

    def _do_then_read(self, effects: Sequence[Effect]) -> Task:
        yield from self._do(effects)
        self._is_reading = False
        self._read()

    def _do(self, effects: Sequence[Effect]) -> Task:
        for effect in effects:
            if self._closing is None and not self._do_now(effect):
                more = yield from self.desk.perform(effect)
                yield from self._do(more)

    def _do_now(self, effect: Effect) -> bool:
        kind = type(effect)
        if kind is SendBytes:
            self._push(effect.data)  # type: ignore[union-attr] # a match would be slower
        elif kind is Send:
            self._push(encode(effect.frame))  # type: ignore[union-attr]
        elif isinstance(effect, Submit):
            self._submit(effect.id, effect.request)
        elif isinstance(effect, Hang):
            self.hang(effect.code, effect.reason)
        else:
            return False
        return True

    def _submit(self, request_id: int | None, request: Request) -> None:
        def then(result: Outcome | ChatError) -> None:
            if request_id is None and isinstance(result, ChatError) and result.temporary:
                self._unsaved[request.conversation_id] = request
            self.apply(self.session.submitted(request_id, result))

        self.host.commits.submit(request, then)

    def _save(self) -> None:
        """Read marks that could not be stored: nobody waits for them or sends them again."""
        unsaved, self._unsaved = self._unsaved, {}
        for request in unsaved.values():
            self._submit(None, request)

    def _push(self, data: bytes) -> None:
        if self._closing is not None:
            return
        if not self.link.is_stalled:
            self._write(data)
            return
        if not self._outbox:
            self._blocked_at = self.host.now
        self._outbox.append(data)
        self._waiting_bytes += len(data)
        if not self._is_behind and (
            len(self._outbox) > OUTBOX_FRAMES or self._waiting_bytes > OUTBOX_BYTES
        ):
            self._is_behind, self._behind_since = True, self.host.now
            self.host.fell_behind()
            self.apply(self.session.fell_behind())

    def _write(self, data: bytes) -> None:
        self.host.wrote(self, data)
        self.link.send_down(data)

    def _close(self) -> None:
        if self._closing is not None:
            self.link.close_down(int(self._closing.code))
        if not self.is_gone:
            self.is_gone = True
            self.desk.leave()
