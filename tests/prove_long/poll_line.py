"""The transport without sockets, as poll.ts: each request brings a fresh hello and frames, and
takes away what the server says."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import msgspec
from msgspec import Raw, Struct

from chatserver.protocol.codes import CloseCode
from tests.prove.client.connection import Connection
from tests.prove.client.poll import goes_on, is_fresh
from tests.prove_long.lines import LOST, Route

BREATH_SECONDS = 0.2
MAX_FRAMES = 8
MAX_CHARS = 8_000
# A request may be held for 25 s; the client's own watchdog cuts it off after 35 s of silence.
REQUEST_SECONDS = 60.0
# What a welcome says that a session has to hear; the rest of it is the same in each answer.
KEPT = ("epoch", "you", "limits", "availability", "status")

# The next hello as JSON, or the code with which there will be no more.
Again = Callable[[], Awaitable[bytes | int]]


class Closing(Struct):
    code: int


class Answer(Struct):
    frames: list[Raw]
    close: Closing | None = None


_answer = msgspec.json.Decoder(Answer)


class PollLine:
    """`http` carries what the server wants besides our origin: cookie and CSRF token. `node` is as
    of a `SocketLine`; behind nginx each request may go to another one."""

    port = 0

    def __init__(
        self, connection: Connection, route: Route, *, again: Again, http: httpx2.AsyncClient
    ) -> None:
        self._connection, self._route = connection, route
        self._again, self._http = again, http
        self.door, self.node = route.door, route.door.node
        self._url = f"http://127.0.0.1:{route.door.proxy.port}{route.path}"
        self._queue: deque[bytes] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._holding: asyncio.Task[bool] | None = None
        self._has_greeted = False
        self._is_sending = False
        self._is_over = False
        self._welcomed: Any = None
        self._standing: Any = None
        self._begun = 0  # how often everything began anew on this line

    @property
    def waits_for_long(self) -> bool:
        return False  # its requests may be held, and by anybody

    async def dial(self) -> None:
        self._connection.opened(self)

    def send(self, data: bytes) -> None:
        if self._is_over:
            return
        if not self._has_greeted:
            self._has_greeted = True
            self._run(self._greet(data))
        elif not data.startswith(b'{"t":"pong"'):
            self._queue.append(data)
            if not self._is_sending:
                self._is_sending = True
                self._run(self._send_all())

    def close(self) -> None:
        self._is_over = True
        for task in (*self._running, *([self._holding] if self._holding else [])):
            task.cancel()

    # Inside

    def _run(self, work: Any) -> None:
        task = self._route.tasks.start(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _greet(self, hello: bytes) -> None:
        if await self._post(hello, [], hold=False):
            self._run(self._keep_asking())

    async def _send_all(self) -> None:
        while not self._is_over and self._queue:
            hello = await self._next_hello()
            if hello is not None:
                await self._post(hello, self._batch(), hold=False)
        self._is_sending = False
        hello = None if self._is_over else await self._next_hello()
        # What was sent may have changed what we follow; then the held request hears too little.
        if hello is not None and _standing(hello) != self._standing and self._holding is not None:
            self._holding.cancel()

    def _batch(self) -> list[bytes]:
        frames: list[bytes] = []
        chars = 0
        while self._queue and len(frames) < MAX_FRAMES:
            chars += len(self._queue[0])
            if frames and chars > MAX_CHARS:
                break
            frames.append(self._queue.popleft())
        return frames

    async def _keep_asking(self) -> None:
        while not self._is_over:
            hello = await self._next_hello()
            if hello is None:
                continue
            self._standing = _standing(hello)
            self._holding = self._route.tasks.start(self._post(hello, [], hold=True))
            await asyncio.wait([self._holding])
            await asyncio.sleep(BREATH_SECONDS)

    async def _next_hello(self) -> bytes | None:
        hello = await self._again()
        if self._is_over:
            return None
        if isinstance(hello, bytes):
            return hello
        self._end(hello)
        return None

    async def _post(self, hello: bytes, frames: list[bytes], *, hold: bool) -> bool:
        """True when the server answered and goes on."""
        begun = self._begun
        held = b"true" if hold else b"false"
        body = b'{"hello":%s,"frames":[%s],"hold":%s}' % (hello, b",".join(frames), held)
        origin = self.door.origin
        heads = {"Origin": origin, "Host": origin.removeprefix("http://")}
        heads |= {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
        try:
            answer = await self._http.post(
                self._url, content=body, headers=heads, timeout=REQUEST_SECONDS
            )
        except httpx2.HTTPError:
            self._end(LOST)
            return False
        if answer.is_success:
            self._deliver(_answer.decode(answer.content), begun, hold=hold)
        else:
            later = answer.status_code >= 500 or answer.status_code == 429
            self._end(CloseCode.TRY_LATER if later else LOST)
        return not self._is_over

    def _deliver(self, answer: Answer, asked: int, *, hold: bool) -> None:
        if self._is_over:
            return
        self._connection.alive(self)
        is_old = asked < self._begun
        for raw in answer.frames:
            frame = bytes(raw)
            if not self._is_over and self._is_new(frame) and not (is_old and goes_on(frame)):
                self._begun += is_fresh(frame)
                self._route.heard(frame)
                self._connection.message(self, frame)
        # Another request of this very tab took over from one that was held.
        if answer.close and not (hold and answer.close.code == CloseCode.DONE):
            self._end(answer.close.code)

    def _is_new(self, frame: bytes) -> bool:
        """Each answer begins with a welcome, of which a session needs only what has changed."""
        if not frame.startswith(b'{"t":"welcome"'):
            return True
        welcome = msgspec.json.decode(frame)
        kept = [welcome.get(name) for name in KEPT]
        before, self._welcomed = self._welcomed, kept
        return kept != before or "token" in welcome

    def _end(self, code: int) -> None:
        if not self._is_over:
            self.close()
            self._connection.closed(self, code)


def _standing(hello: bytes) -> Any:
    """What a hello asks to be told of: one conversation, or some threads."""
    said = msgspec.json.decode(hello)
    resume = said.get("resume") or {}
    return resume.get("conversation"), sorted(said.get("threads") or {})
