"""The broker of several processes: Redis carries hints from one to the other and keeps nothing.

Listeners of this process are called at once, without a way over Redis: while Redis is away, people
on the same node notice nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chatserver.broker.base import Listener, Unsubscribe
from chatserver.broker.connection import Line, open_line
from chatserver.broker.listeners import Listeners
from chatserver.broker.outgoing import Message, Outgoing
from chatserver.broker.pulse import SILENCE, Pulse
from chatserver.broker.subscriptions import Subscriptions
from chatserver.errors import Unavailable
from chatserver.tasks import Supervisor

log = logging.getLogger(__name__)

# How often a heartbeat goes out, in seconds; more often until the bus has proven itself.
BEAT_SECONDS = 1.0
PROOF_SECONDS = 0.1
# A connection that is silent for so long is given up, in seconds: it may be half open.
GIVE_UP_SECONDS = 2 * SILENCE
# Pause before the next try to reach Redis, in seconds.
AGAIN_SECONDS = 0.5
# How long a start waits for the bus before it goes on without.
START_SECONDS = 3.0


class RedisBroker:
    """`node` names this process among all that share the bus: its own hints come back to it."""

    def __init__(self, url: str, *, prefix: str, node: str) -> None:
        self._url = url
        self._prefix = prefix
        self._sign = f"{node} ".encode()
        self._beats = f"beat:{node}"
        self._losses = "lost"
        self._loop = asyncio.get_running_loop()
        self._listeners = Listeners()
        self._outgoing = Outgoing()
        self._subscriptions = Subscriptions()
        self._pulse = Pulse()
        self._was_steady = False
        self._steady = asyncio.Event()
        self._closed = False
        self._complaint = ""
        self._supervisor = Supervisor()
        self.doubt = asyncio.Event()

    async def open(self) -> None:
        """Begins to connect; waits a little for the bus, then goes on without it."""
        self._supervisor.keep("bus", self._run)
        try:
            async with asyncio.timeout(START_SECONDS):
                await self._steady.wait()
        except TimeoutError:
            log.warning("bus away at start")

    @property
    def degraded(self) -> bool:
        return not self._pulse.is_steady(self._loop.time())

    @property
    def waiting(self) -> int:
        return len(self._outgoing)

    @property
    def lost(self) -> int:
        return self._outgoing.lost

    def publish(self, topic: str, hint: bytes) -> None:
        if self._closed:
            return
        if topic in self._listeners:
            self._loop.call_soon(self._listeners.deliver, topic, hint)
        self._outgoing.put(topic, self._sign + hint)

    def subscribe(self, topic: str, listener: Listener) -> Unsubscribe:
        is_new = topic not in self._listeners
        remove = self._listeners.add(topic, listener)
        if is_new:
            self._subscriptions.want(topic)

        def unsubscribe() -> None:
            remove()
            if topic not in self._listeners:
                self._subscriptions.drop(topic)

        return unsubscribe

    async def settled(self) -> None:
        await self._subscriptions.settled()

    async def close(self) -> None:
        self._closed = True
        self._listeners.clear()
        await self._supervisor.close()

    async def _run(self) -> None:
        while True:
            try:
                await self._live()
            except* Unavailable as errors:
                self._complain(str(errors.exceptions[0]))
            await asyncio.sleep(AGAIN_SECONDS)

    def _complain(self, why: str) -> None:
        """Once for each reason: the next tries fail like this one."""
        if why != self._complaint:
            self._complaint = why
            log.warning("bus connection ended", extra={"why": why})

    async def _live(self) -> None:
        """From a connection to its end, whichever task meets it first."""
        async with self._lines() as (publishing, listening), asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen(listening))
            tasks.create_task(self._subscribe(listening))
            tasks.create_task(self._send(publishing))
            await self._beat()

    @asynccontextmanager
    async def _lines(self) -> AsyncIterator[tuple[Line, Line]]:
        async with open_line(self._url) as publishing, open_line(self._url) as listening:
            self._pulse.begin(self._loop.time())
            self._subscriptions.begin({self._beats, self._losses})
            self._outgoing.is_open = True
            try:
                yield publishing, listening
            finally:
                self._outgoing.close()
                self._subscriptions.end()
                self._pulse.begin(self._loop.time())
                self._notice()

    async def _beat(self) -> None:
        """Beats, and watches for silence. The first beat proves all subscriptions before it."""
        await self.settled()
        while self._pulse.silence(self._loop.time()) < GIVE_UP_SECONDS:
            if self._outgoing.admit_loss():
                self._outgoing.put(self._losses, self._sign)
            self._outgoing.put(self._beats, self._sign + b"%d" % self._pulse.beat())
            self._notice()
            await asyncio.sleep(PROOF_SECONDS if self.degraded else BEAT_SECONDS)
        raise Unavailable("the bus is silent")

    def _notice(self) -> None:
        """Says when the bus turned bad or good; both times hints may be missing."""
        is_steady = not self.degraded
        if is_steady == self._was_steady or self._closed:
            return
        self._was_steady = is_steady
        self.doubt.set()
        if is_steady:
            self._steady.set()
            self._complaint = ""
            log.info("bus healthy")
        else:
            log.warning("bus degraded")

    async def _send(self, line: Line) -> None:
        while True:
            batch = await self._outgoing.take()
            await line.ask([self._publishing(message) for message in batch])

    def _publishing(self, message: Message) -> tuple[str, str, bytes]:
        topic, data = message
        return "PUBLISH", self._channel(topic), data

    async def _subscribe(self, line: Line) -> None:
        while True:
            commands = await self._subscriptions.changes(self._channel)
            await line.send(*commands)

    async def _listen(self, line: Line) -> None:
        start = len(self._channel(""))
        while True:
            match await line.read():
                case [b"message", bytes(channel), bytes(data)]:
                    self._heard(channel[start:].decode(), data)
                case [b"pong", bytes(number)]:
                    self._subscriptions.confirm(int(number))

    def _heard(self, topic: str, data: bytes) -> None:
        if topic == self._beats:
            self._beat_heard(int(data.removeprefix(self._sign)))
        elif data.startswith(self._sign):
            return  # our own: delivered when it was published
        elif topic == self._losses:
            self.doubt.set()  # another node could not tell us something
        else:
            self._listeners.deliver(topic, data.partition(b" ")[2])

    def _beat_heard(self, number: int) -> None:
        if not self._pulse.hear(number, self._loop.time()):
            self.doubt.set()
        self._notice()

    def _channel(self, topic: str) -> str:
        return f"{self._prefix}:{topic}"
