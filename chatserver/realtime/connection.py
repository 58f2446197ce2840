"""The loop of every connection: reads frames, does what the session says, writes. Over a socket or
over polls, which `transport` tells apart."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from chatserver import failpoint
from chatserver.conversation.commands import Request
from chatserver.conversation.outcome import Outcome
from chatserver.errors import ChatError, Internal
from chatserver.failpoint import Failpoint
from chatserver.protocol.codec import Decoder, Reader, encode
from chatserver.protocol.codes import CloseCode
from chatserver.protocol.shared import Drain, Error, Reply, ServerFrame
from chatserver.realtime.effects import Effect, Hang, Send, SendBytes, Submit
from chatserver.realtime.manners import Pace
from chatserver.realtime.outbox import Outbox, is_small, subject_of
from chatserver.realtime.services import Services
from chatserver.realtime.transport import Transport
from chatserver.tasks import Work, begin

log = logging.getLogger(__name__)


class Session(Protocol):
    """What both sessions offer to the connection."""

    id: str
    audience: str

    @property
    def pending(self) -> int: ...

    def share(self, session_id: str, pace: Pace) -> None: ...

    def frame_received(self, frame: Any, now: float) -> list[Effect]: ...

    def frame_refused(self, error: ChatError) -> list[Effect]: ...

    def submitted(self, request_id: int, result: Outcome | ChatError) -> list[Effect]: ...

    def ticked(self, now: float) -> list[Effect]: ...

    def fell_behind(self) -> list[Effect]: ...

    def caught_breath(self) -> list[Effect]: ...


Perform = Callable[[Effect], Awaitable[Sequence[Effect]]]


class Connection:
    """One client that is here. `perform` does the effects that need the store or other people."""

    def __init__(
        self,
        transport: Transport,
        services: Services,
        *,
        session: Session,
        decoder: Decoder[Any],
        max_bytes: int,
    ) -> None:
        self._transport = transport
        self._services = services
        self._session = session
        self._reader = Reader(decoder)
        self._max_bytes = max_bytes
        self._outbox: Outbox | None = None  # made for who lets us wait: it is 1 KiB
        self._traffic = services.crowd.traffic
        self._close_with: Hang | None = None
        self._reading: asyncio.Timeout | None = None
        self.perform: Perform = _nothing

    @property
    def audience(self) -> str:
        return self._session.audience

    @property
    def waiting_bytes(self) -> int:
        return self._outbox.bytes if self._outbox else 0

    @property
    def is_behind(self) -> bool:
        return self._outbox is not None and self._outbox.is_behind

    async def run(self) -> None:
        """Serves the client until one side closes."""
        unring = self._services.wheel.add(self._tick)
        try:
            async with asyncio.timeout(None) as self._reading:
                await self._serve()
        except TimeoutError:
            if not self._reading or not self._reading.expired():
                raise
        finally:
            self._reading = None
            self._close_with = Hang(CloseCode.DONE)  # nothing more is pushed
            unring()
            if self._reader.ignored:
                log.info("newer client", extra={"ignored": self._reader.ignored})

    async def _serve(self) -> None:
        while (data := await self._transport.receive()) is not None:
            if self._outbox and self._outbox.is_behind:
                await self._outbox.is_empty.wait()  # who does not listen is not heard
            if self._close_with is None:
                await self._read(data)

    def _tick(self, now: float) -> None:
        if self._outbox is not None and self._outbox.is_too_slow(now):
            self._close_at_once(self._end_with(Hang(CloseCode.SLOW, "too slow")))
            return
        if self._close_with is None and not self.is_behind:
            self.apply(self._session.ticked(now))

    def apply(self, effects: Sequence[Effect]) -> None:
        """Does effects from where nothing can be awaited: the hub, the wheel, a commit."""
        for index, effect in enumerate(effects):
            if not self._do_now(effect):
                rest = effects[index:]
                self._services.supervisor.start("effects", self._do(rest))
                return

    def hang(self, code: CloseCode, reason: str) -> None:
        """Closes once everything that waits is written. Who lost access gets nothing of it: with
        a slow socket it would still leave half a minute later."""
        hang = self._end_with(Hang(code, reason))
        if self._outbox is None or hang.code.ends_access:
            self._close_at_once(hang)

    def drain(self, reconnect_in_ms: int) -> None:
        """This process is about to stop: says when to come back, then closes."""
        self._push(encode(Drain(reconnect_in_ms)))
        self.hang(CloseCode.DRAIN, "drain")

    async def _read(self, data: bytes | str) -> None:
        if _size(data, self._max_bytes) > self._max_bytes:
            self.hang(CloseCode.TOO_BIG, "frame too big")
            return
        self._traffic.frames[self.audience] += 1
        try:
            frame = self._reader.read(data)
        except ChatError as error:
            await self._do(self._session.frame_refused(error))
            return
        if frame is None:
            return
        await self._do(self._session.frame_received(frame, self._now()))

    async def _do(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if self._close_with is None and not self._do_now(effect):
                await self._do(await self._perform(effect))

    async def _perform(self, effect: Effect) -> Sequence[Effect]:
        try:
            return await self.perform(effect)
        except Exception:
            log.exception("effect failed", extra={"effect": type(effect).__name__})
            return [Hang(CloseCode.INTERNAL, "internal")]

    def _do_now(self, effect: Effect) -> bool:
        """Does what needs no waiting; False for the rest."""
        match effect:
            case SendBytes():
                self._push(effect.data)
            case Send() if self._outbox is not None and is_small(effect.frame):
                self._push_news(self._outbox, effect.frame)
            case Send():
                self._count_error(effect.frame)
                self._push(encode(effect.frame))
            case Hang():
                self.hang(effect.code, effect.reason)
            case Submit():
                self._submit(effect.id, effect.request)
            case _:
                return False
        return True

    def _count_error(self, frame: ServerFrame) -> None:
        if isinstance(frame, Reply | Error) and frame.error is not None:
            self._traffic.errors[frame.error.code] += 1

    def _submit(self, request_id: int | None, request: Request) -> None:
        if request_id is None:
            self._services.marks.submit(request)
            return
        try:
            future = self._services.conversations.submit(request)
        except ChatError as error:
            self.apply(self._session.submitted(request_id, error))
            return
        future.add_done_callback(lambda done: self._submitted(request_id, done))

    def _submitted(self, request_id: int, done: "asyncio.Future[Outcome]") -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            self.apply(self._session.submitted(request_id, done.result()))
            failpoint.reach(Failpoint.AFTER_REPLY)
        else:
            failure = error if isinstance(error, ChatError) else Internal()
            self.apply(self._session.submitted(request_id, failure))

    def _push(self, data: bytes) -> None:
        if self._close_with is not None:
            return
        if self._outbox is None:
            self._begin_writing(self._transport.send(data))
        elif self._outbox.put(data):
            self._fall_behind()

    def _push_news(self, outbox: Outbox, frame: ServerFrame) -> None:
        if self._close_with is None and outbox.put_news(
            subject_of(frame), encode(frame), self._now()
        ):
            self._fall_behind()

    def _fall_behind(self) -> None:
        self._traffic.behind += 1
        self.apply(self._session.fell_behind())

    def _end_with(self, hang: Hang) -> Hang:
        """Nothing more is pushed. The first reason is the one that is said."""
        if self._close_with is None:
            self._close_with = hang
            self._traffic.closes[hang.code.name] += 1
        return self._close_with

    def _begin_writing(self, writing: Work) -> None:
        """Writes now what the socket takes without waiting; a task does the rest, and all that
        comes meanwhile."""
        try:
            rest = begin(writing)
        except Exception:
            self._peer_is_gone()
            return
        if rest is not None:
            self._outbox = self._outbox or Outbox(self._services.bounds, self._now())
            self._services.supervisor.start("writer", self._go_on_writing(rest, self._outbox))

    async def _go_on_writing(self, rest: Awaitable[None], outbox: Outbox) -> None:
        try:
            await rest
            while (data := outbox.take()) is not None:
                await self._transport.send(data)
        except Exception:
            self._peer_is_gone()
        finally:
            self._outbox = None
            outbox.is_empty.set()
        if self._close_with is not None:
            self._close_at_once(self._close_with)
        elif outbox.is_behind:
            self.apply(self._session.caught_breath())

    def _close_at_once(self, hang: Hang) -> None:
        if not self._transport.is_open:
            return
        if self._outbox is not None:
            self._outbox.clear()
        self._begin_writing(self._transport.close(hang.code, hang.reason))

    def _now(self) -> float:
        return self._services.clock.monotonic()

    def _peer_is_gone(self) -> None:
        """It takes nothing more, so nothing may come from it either: stop reading."""
        self._close_with = self._close_with or Hang(CloseCode.DONE)
        if self._reading is not None:
            self._reading.reschedule(asyncio.get_running_loop().time())


async def _nothing(_effect: Effect) -> Sequence[Effect]:
    return []


def _size(data: bytes | str, limit: int) -> int:
    """Bytes of a frame; counts characters alone where that decides already."""
    if isinstance(data, bytes) or len(data) > limit or len(data) * 4 <= limit:
        return len(data)
    return len(data.encode(errors="surrogatepass"))
