"""The transport without sockets: poll.ts. Each request brings a fresh hello and frames."""

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from chatserver.protocol.codes import CloseCode
from tests.prove.client.connection import Connection
from tests.prove.schedule import Clock

LOST = 1006
BREATH_MS = 200
MAX_FRAMES = 8
MAX_CHARS = 8_000

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.decode


class Answer(msgspec.Struct):
    """What came back; `failed` is the code of a request that brought nothing."""

    frames: list[bytes] = []
    close: int | None = None
    failed: int | None = None


Then = Callable[[Answer], None]


class Held(Protocol):
    """A request on its way."""

    def abort(self) -> None: ...


class Post(Protocol):
    def __call__(self, hello: bytes, frames: list[bytes], hold: bool, then: Then) -> Held: ...


class Poll:
    """A `Line`. `post` sends one request and answers once, or never."""

    def __init__(self, connection: Connection, clock: Clock, post: Post) -> None:
        self._connection, self._clock, self._post = connection, clock, post
        self.is_open = True
        self._queue: list[bytes] = []
        self._greeted = b""
        self._standing = ""
        self._is_sending = False
        self._requests: dict[int, Held] = {}
        self._holding: Held | None = None
        self._asked = 0
        self._begun = 0  # how often everything began anew on this line

    def send(self, data: bytes) -> None:
        if not self._greeted:
            self._greeted = b"?"
            self._request(data, [], False, self._keep_asking)
        elif not data.startswith(b'{"t":"pong"'):
            self._queue.append(data)
            if not self._is_sending:
                self._is_sending = True
                self._send_next()

    def close(self) -> None:
        self.is_open = False
        for request in list(self._requests.values()):
            request.abort()
        self._requests.clear()

    # Inside

    def _end(self, code: int) -> None:
        if self.is_open:
            self.close()
            self._connection.closed(self, code)

    def _send_next(self) -> None:
        if self.is_open and self._queue:
            self._introduced(self._send_batch)
            return
        self._is_sending = False
        if self.is_open:
            self._introduced(self._hold_anew)

    def _send_batch(self, hello: bytes) -> None:
        self._request(hello, self._batch(), False, self._send_next)

    def _hold_anew(self, hello: bytes) -> None:
        """What was sent may have changed what we follow; then the held request hears too little."""
        if standing_of(hello) != self._standing and self._holding is not None:
            held, self._holding = self._holding, None
            held.abort()
            self._clock.later(BREATH_MS, self._keep_asking)

    def _batch(self) -> list[bytes]:
        frames: list[bytes] = []
        chars = 0
        while self._queue and len(frames) < MAX_FRAMES:
            chars += len(self._queue[0])
            if frames and chars > MAX_CHARS:
                break
            frames.append(self._queue.pop(0))
        return frames

    def _keep_asking(self) -> None:
        if self.is_open:
            self._introduced(self._hold)

    def _hold(self, hello: bytes) -> None:
        self._standing = standing_of(hello)
        self._holding = self._request(hello, [], True, self._rest)

    def _rest(self) -> None:
        self._holding = None
        self._clock.later(BREATH_MS, self._keep_asking)

    def _introduced(self, then: Callable[[bytes], Any]) -> None:
        def prepared(result: str, hello: Any) -> None:
            if not self.is_open:
                return
            if result == "ready":
                then(_encode(hello))
            else:
                self._end(CloseCode.SIGNED_OUT if result == "stop" else LOST)

        self._connection.introduce(prepared)

    def _request(
        self, hello: bytes, frames: list[bytes], hold: bool, then: Callable[[], None]
    ) -> Held:
        self._asked += 1
        number, begun = self._asked, self._begun

        def answered(answer: Answer) -> None:
            self._requests.pop(number, None)
            if not self.is_open:
                return
            if answer.failed is not None:
                self._end(answer.failed)
                return
            self._deliver(answer, hold, begun)
            if self.is_open:
                then()

        request = self._requests[number] = self._post(hello, frames, hold, answered)
        return request

    def _deliver(self, answer: Answer, hold: bool, asked: int) -> None:
        self._connection.alive(self)
        is_old = asked < self._begun
        for data in answer.frames:
            if not self.is_open or (data.startswith(b'{"t":"welcome"') and not self._is_new(data)):
                continue
            if is_old and goes_on(data):
                continue
            self._begun += is_fresh(data)
            self._connection.message(self, data)
        # Another request of this very tab took over from one that was held.
        if answer.close is not None and not (hold and answer.close == CloseCode.DONE):
            self._end(answer.close)

    def _is_new(self, data: bytes) -> bool:
        welcome = _decode(data)
        names = ("epoch", "you", "limits", "availability", "status")
        text = _encode([welcome.get(name) for name in names])
        before, self._greeted = self._greeted, text
        return text != before or "token" in welcome


def is_fresh(data: bytes) -> bool:
    """Everything begins anew."""
    return data.startswith(b'{"t":"reset"') and "conversation" not in _decode(data)


def goes_on(data: bytes) -> bool:
    """Means something only behind what its request said it holds."""
    return data.startswith(b'{"t":"inbox"') or is_fresh(data)


def standing_of(hello: bytes) -> str:
    """What a hello asks to be told of: one conversation, or some threads."""
    frame = _decode(hello)
    resume, threads = frame.get("resume") or {}, frame.get("threads") or {}
    return f"{resume.get('conversation')} {sorted(threads)}"
