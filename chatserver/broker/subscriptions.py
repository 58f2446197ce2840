"""Which topics a node hears over the bus: what is wanted, what was asked for, what is in force."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from itertools import islice

# Topics of one command: a node that comes back asks for tens of thousands.
CHUNK = 500
# How long somebody waits for a subscription to be in force before going on without, in seconds.
SETTLE_SECONDS = 1.0

Command = tuple[str | int, ...]


class Subscriptions:
    """Changes are collected while a command is on its way, so that a topic that comes and goes
    meanwhile costs nothing. Each round ends with a numbered ping: its pong says that all is in
    force which was asked for before."""

    def __init__(self) -> None:
        self._wanted: set[str] = set()
        self._asked: set[str] = set()
        self._changed: dict[str, None] = {}
        self._is_live = False
        self._news = asyncio.Event()
        self._round = 0
        self._confirmed = 0
        self._waiting: list[tuple[int, asyncio.Future[None]]] = []

    def want(self, topic: str) -> None:
        self._wanted.add(topic)
        self._change(topic)

    def drop(self, topic: str) -> None:
        self._wanted.discard(topic)
        self._change(topic)

    def begin(self, always: Iterable[str]) -> None:
        """A new connection, which knows nothing yet."""
        self._is_live = True
        self._wanted.update(always)
        self._asked.clear()
        self._changed = dict.fromkeys(self._wanted)
        self._news.set()

    def end(self) -> None:
        """The connection is gone: nobody needs to wait for it."""
        self._is_live = False
        self._changed.clear()
        self._asked.clear()
        self._news.clear()
        self._resolve(self._round + 1)

    async def changes(self, channel: Callable[[str], str]) -> list[Command]:
        """The commands that bring the bus up to date, as soon as there are any."""
        await self._news.wait()
        self._news.clear()
        changed, self._changed = list(self._changed), {}
        more = [one for one in changed if one in self._wanted and one not in self._asked]
        less = [one for one in changed if one in self._asked and one not in self._wanted]
        self._asked.update(more)
        self._asked.difference_update(less)
        self._round += 1
        return [
            *_commands("SUBSCRIBE", map(channel, more)),
            *_commands("UNSUBSCRIBE", map(channel, less)),
            ("PING", self._round),
        ]

    def confirm(self, number: int) -> None:
        self._confirmed = number
        self._resolve(number)

    async def settled(self) -> None:
        if not self._is_live or (not self._changed and self._confirmed == self._round):
            return
        target = self._round + 1 if self._changed else self._round
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((target, future))
        try:
            async with asyncio.timeout(SETTLE_SECONDS):
                await future
        except TimeoutError:
            return
        finally:
            self._waiting = [one for one in self._waiting if one[1] is not future]

    def _change(self, topic: str) -> None:
        if self._is_live:
            self._changed[topic] = None
            self._news.set()

    def _resolve(self, number: int) -> None:
        for target, future in self._waiting:
            if target <= number and not future.done():
                future.set_result(None)


def _commands(name: str, channels: Iterator[str]) -> Iterator[Command]:
    while chunk := tuple(islice(channels, CHUNK)):
        yield (name, *chunk)
