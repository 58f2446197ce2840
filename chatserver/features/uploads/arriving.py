"""A body on its way to the disk: streamed, counted, never held."""

import asyncio
from collections.abc import AsyncIterator
from io import FileIO
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from chatserver.errors import BadRequest, FileTooLarge
from chatserver.features.uploads.disk import failures

# Of what is written at once: enough that threads are seldom asked, little enough to forget.
PIECE = 262_144
# A body that pauses for longer is given up; its client tries again.
PAUSE_SECONDS = 30


async def write_down(
    pieces: AsyncIterator[bytes], path: Path, *, announced: int, seconds: float
) -> None:
    """Exactly `announced` bytes. Raises BadRequest when the body ends early or takes too long,
    FileTooLarge when it does not end, StorageFull. Whoever called removes what is there then."""
    file = await run_in_threadpool(_open, path)
    try:
        async with asyncio.timeout(seconds):
            got = await _copy(pieces, file, announced)
    except (ClientDisconnect, TimeoutError) as error:
        raise BadRequest("the upload ended before the file did") from error
    finally:
        file.close()
    if got < announced:
        raise BadRequest("the upload ended before the file did")


async def _copy(pieces: AsyncIterator[bytes], file: FileIO, announced: int) -> int:
    waiting, got = bytearray(), 0
    async for piece in _unless_it_pauses(pieces):
        got += len(piece)
        if got > announced:
            raise FileTooLarge("the file is longer than announced")
        waiting += piece
        if len(waiting) >= PIECE:
            await run_in_threadpool(_write, file, bytes(waiting))
            waiting.clear()
    await run_in_threadpool(_write, file, bytes(waiting))
    return got


async def _unless_it_pauses(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    while True:
        async with asyncio.timeout(PAUSE_SECONDS):
            piece = await anext(pieces, None)
        if piece is None:
            return
        yield piece


def _open(path: Path) -> FileIO:
    """Without a buffer: what found no room must not be tried again at the end."""
    with failures():
        return path.open("xb", buffering=0)


def _write(file: FileIO, piece: bytes) -> None:
    rest = memoryview(piece)
    with failures():
        while rest:
            rest = rest[file.write(rest) :]
