"""Token buckets that all nodes share, kept in Redis by a script. Without Redis each node counts for
itself: a limit is then as many times as high as there are nodes, and nobody is locked out."""

import asyncio
import hashlib
import logging
from collections import deque

from chatserver.broker.buckets import ALMOST, MemoryBuckets, Size
from chatserver.broker.connection import Line, open_line
from chatserver.errors import Unavailable
from chatserver.tasks import Supervisor

log = logging.getLogger(__name__)

# How long a caller waits for Redis before this node decides alone, in seconds.
ANSWER_SECONDS = 1.0
# Questions that may wait, and that travel together.
MOST_WAITING = 1000
BATCH = 100
# Pause before the next try to reach Redis, in seconds.
AGAIN_SECONDS = 1.0

# Reads the level, refills it by the server's own clock, takes ARGV[3] tokens (-1 gives one back)
# and keeps the bucket until it would be full. Returns the milliseconds until there is a token.
SCRIPT = """
local rate, burst, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local kept = redis.call('HMGET', KEYS[1], 'level', 'at')
local level = burst
if kept[1] then
  level = math.min(burst, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) * rate)
end
local wait = 0
if wanted <= level or level >= tonumber(ARGV[4]) then
  level = math.min(burst, math.max(0, level - wanted))
else
  wait = (1 - level) / rate
end
redis.call('HSET', KEYS[1], 'level', string.format('%.6f', level), 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - level) / rate * 1000) + 1000)
return math.ceil(wait * 1000)
"""

Command = tuple[str | int, ...]
Question = tuple[Command, "asyncio.Future[int]"]


class RedisBuckets:
    """One task asks for everybody, so that a caller who gives up leaves no answer behind. `secret`
    keeps names, such as network addresses, out of Redis."""

    def __init__(self, url: str, *, prefix: str, secret: str, alone: MemoryBuckets) -> None:
        self._url = url
        self._prefix = prefix
        self._secret = hashlib.blake2b(secret.encode()).digest()
        self._alone = alone
        self._waiting: deque[Question] = deque()
        self._news = asyncio.Event()
        self.shared = asyncio.Event()  # set while Redis answers
        self._supervisor = Supervisor()

    def open(self) -> None:
        """Begins to connect; each node counts for itself until then."""
        self._supervisor.keep("limits", self._run)

    async def close(self) -> None:
        await self._supervisor.close()

    async def take(self, key: str, size: Size) -> float:
        wait = await self._ask(self._script(key, size, 1))
        return await self._alone.take(key, size) if wait is None else wait / 1000

    async def give_back(self, key: str, size: Size) -> None:
        if await self._ask(self._script(key, size, -1)) is None:
            await self._alone.give_back(key, size)

    async def fill(self, key: str) -> None:
        await self._ask(("DEL", self._name(key)))
        await self._alone.fill(key)

    def _script(self, key: str, size: Size, wanted: int) -> Command:
        values = (repr(size.rate), repr(size.burst), wanted, repr(ALMOST))
        return "EVAL", SCRIPT, 1, self._name(key), *values

    def _name(self, key: str) -> str:
        blurred = hashlib.blake2b(key.encode(), key=self._secret, digest_size=16).hexdigest()
        return f"{self._prefix}:limit:{blurred}"

    async def _ask(self, command: Command) -> int | None:
        """None: Redis is away, or too slow to be waited for."""
        if not self.shared.is_set() or len(self._waiting) >= MOST_WAITING:
            return None
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((command, future))
        self._news.set()
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await future
        except (TimeoutError, Unavailable):
            return None

    async def _run(self) -> None:
        while True:
            try:
                async with open_line(self._url) as line:
                    self.shared.set()
                    await self._serve(line)
            except Unavailable:
                log.debug("limits without redis")  # the broker says why
            finally:
                self.shared.clear()
                self._give_up([])
            await asyncio.sleep(AGAIN_SECONDS)

    async def _serve(self, line: Line) -> None:
        while True:
            await self._news.wait()
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            if not self._waiting:
                self._news.clear()
            try:
                answers = await line.ask([command for command, _ in batch])
            except BaseException:
                self._give_up(batch)
                raise
            for (_, future), answer in zip(batch, answers, strict=True):
                if not future.done():
                    future.set_result(int(answer))

    def _give_up(self, batch: list[Question]) -> None:
        for _, future in [*batch, *self._waiting]:
            if not future.done():
                future.set_exception(Unavailable())
        self._waiting.clear()
