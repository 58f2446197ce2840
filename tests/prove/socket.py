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
from chatserver.protocol.shared import Drain, ServerFrame
from chatserver.realtime.connection import Session
from chatserver.realtime.effects import Effect, Hang, Send, SendBytes, Submit
from chatserver.realtime.outbox import Bounds, Outbox, is_small, subject_of
from chatserver.realtime.seats import Seat
from tests.prove.link import Link

if TYPE_CHECKING:
    from tests.prove.commits import Commits
    from tests.prove.polling import Exchange

# Far below the real limits, so that readers fall behind within seconds.
BOUNDS = Bounds(frames=8, bytes=16384, signal_seconds=0.25, slow_seconds=30.0)

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
        self._outbox: Outbox | None = None
        self._unsaved: dict[str, Request] = {}
        self._is_reading = False
        self._closing: Hang | None = None
        self.is_gone = False

    @property
    def is_behind(self) -> bool:
        return self._outbox is not None and self._outbox.is_behind

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
        outbox = self._outbox
        if outbox is None:
            return
        while not self.link.is_stalled and (data := outbox.take()) is not None:
            self._write(data)
        if self.link.is_stalled or self.is_gone:
            return
        self._outbox = None
        if self._closing is not None:
            self._close()
            return
        if outbox.is_behind:
            self.apply(self.session.caught_breath())
        if not self._is_reading:
            self._read()

    # The session

    def ticked(self, now: float) -> None:
        if self._outbox is not None and self._outbox.is_too_slow(now):
            self._outbox.clear()
            self._closing = self._closing or Hang(CloseCode.SLOW, "too slow")
            self._close()
            return
        if self._unsaved and self.host.has_store:
            self._save()
        if self._closing is None and not self.is_behind:
            effects = self.session.ticked(now)
            if effects:
                self.apply(effects)

    def apply(self, effects: Sequence[Effect]) -> None:
        """Does effects from where nothing can wait: the hub, the wheel, a commit."""
        for index, effect in enumerate(effects):
            if not self._do_now(effect):
                self.host.spawn(self._do(effects[index:]))
                return

    def hang(self, code: CloseCode, reason: str) -> None:
        self._closing = self._closing or Hang(code, reason)
        if self._outbox is not None and self._closing.code.ends_access:
            self._outbox.clear()
            self._outbox = None
        if self._outbox is None:
            self._close()

    def drain(self, reconnect_in_ms: int) -> None:
        self._push(encode(Drain(reconnect_in_ms)))
        self.hang(CloseCode.DRAIN, "drain")

    # Inside

    def _read(self) -> None:
        """Frames one after the other; one that needs waiting stops those behind it. Who does not
        listen is not heard."""
        while self._inbound and self._closing is None:
            if self.is_behind:
                return
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
            self._send(effect.frame)  # type: ignore[union-attr]
        elif isinstance(effect, Submit):
            self._submit(effect.id, effect.request)
        elif isinstance(effect, Hang):
            self.hang(effect.code, effect.reason)
        else:
            return False
        return True

    def _submit(self, request_id: int | None, request: Request) -> None:
        def then(result: Outcome | ChatError) -> None:
            if request_id is not None:
                self.apply(self.session.submitted(request_id, result))
            elif isinstance(result, ChatError) and result.temporary:
                self._unsaved[request.conversation_id] = request

        self.host.commits.submit(request, then)

    def _save(self) -> None:
        """Read marks that could not be stored: nobody waits for them or sends them again."""
        unsaved, self._unsaved = self._unsaved, {}
        for request in unsaved.values():
            self._submit(None, request)

    def _send(self, frame: ServerFrame) -> None:
        outbox = self._outbox
        if outbox is None or not is_small(frame):
            self._push(encode(frame))
        elif self._closing is None and outbox.put_news(
            subject_of(frame), encode(frame), self.host.now
        ):
            self._fall_behind()

    def _push(self, data: bytes) -> None:
        if self._closing is not None:
            return
        if self._outbox is None and not self.link.is_stalled:
            self._write(data)
            return
        self._outbox = self._outbox or Outbox(BOUNDS, self.host.now)
        if self._outbox.put(data):
            self._fall_behind()

    def _fall_behind(self) -> None:
        self.host.fell_behind()
        self.apply(self.session.fell_behind())

    def _write(self, data: bytes) -> None:
        self.host.wrote(self, data)
        self.link.send_down(data)

    def _close(self) -> None:
        if self._closing is not None and not self.is_gone:
            self.link.close_down(int(self._closing.code))
            self.is_gone = True
            self.desk.leave()
