"""One connection to Redis, in the hands of one task: what it was in the middle of dies with it.

A command that was cancelled half-way leaves its answer behind, and the next command would read that
one. So a connection here is never given back: it is closed with whoever used it.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from math import inf
from typing import TYPE_CHECKING, Any

from chatserver.errors import Unavailable

if TYPE_CHECKING:
    from redis.asyncio.connection import AbstractConnection

# The longest wait for Redis to take or answer something, in seconds. Longer than the silence after
# which the bus counts as degraded, so that a pause of some seconds needs no new connection.
ANSWER_SECONDS = 6.0
CONNECT_SECONDS = 3.0


class Line:
    """Sends commands and reads answers. Raises Unavailable."""

    def __init__(self, connection: "AbstractConnection") -> None:
        self._connection = connection

    async def send(self, *commands: Sequence[str | bytes | int]) -> None:
        """Writes commands in one piece and reads nothing."""
        packed = self._connection.pack_commands(commands)
        with _unavailable():
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._connection.send_packed_command(packed, check_health=False)

    async def read(self) -> Any:
        """The next answer or message, however long it takes."""
        with _unavailable():
            return await self._connection.read_response(timeout=inf, push_request=True)

    async def ask(self, commands: Sequence[Sequence[str | bytes | int]]) -> list[Any]:
        """Sends commands together and waits for all answers. An error among them is none: it raises
        and leaves the rest unread, so the line is of no more use."""
        with _unavailable():
            async with asyncio.timeout(ANSWER_SECONDS):
                await self.send(*commands)
                return [await self.read() for _ in commands]


@asynccontextmanager
async def open_line(url: str) -> AsyncIterator[Line]:
    """A connection of one's own. Raises Unavailable when there is none to be had."""
    connection = _connection(url)
    try:
        with _unavailable():
            async with asyncio.timeout(CONNECT_SECONDS):
                await connection.connect()  # type: ignore[no-untyped-call] # redis-py has no types here
        yield Line(connection)
    finally:
        await connection.disconnect(nowait=True)


def _connection(url: str) -> "AbstractConnection":
    # Lazily: the import takes half a second, and one process alone needs none of it.
    from redis.asyncio.connection import Connection, parse_url

    options: dict[str, Any] = dict(parse_url(url))
    kind = options.pop("connection_class", Connection)
    # No timeouts of its own: it waits with asyncio.wait_for, which loses a cancellation on Python
    # 3.11 when both come at once, and then the task that was cancelled never ends.
    options |= {"protocol": 2, "socket_timeout": None, "socket_connect_timeout": None}
    connection: AbstractConnection = kind(**options)
    return connection


class _unavailable:  # noqa: N801 - reads as a word in a with statement
    """Turns every failure of Redis or the network into the typed, temporary one."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if error is None:
            return
        from redis.exceptions import RedisError

        if isinstance(error, RedisError | OSError | TimeoutError):
            raise Unavailable(f"redis: {type(error).__name__}") from error
