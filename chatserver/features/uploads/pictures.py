"""Has pictures drawn anew by another process, which may fail in any way it likes."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE
from pathlib import Path

import msgspec
from msgspec import Struct

from chatserver.errors import FileTooLarge, FileType, Unavailable
from chatserver.features.uploads.painter import TOO_LARGE

PAINTER = Path(__file__).with_name("painter.py")
# Drawing is work for a whole processor; more at a time would only take them from the chats.
AT_A_TIME = 2
# The painter ends itself after five seconds of work; on a busy machine these take longer.
SECONDS = 30


class Picture(Struct, frozen=True):
    """What was drawn: PNG, JPEG, GIF or WEBP."""

    kind: str
    width: int
    height: int


_picture = msgspec.json.Decoder(Picture).decode


class Painters:
    def __init__(self, *, most_pixels: int) -> None:
        self._most_pixels = most_pixels
        self._hands = asyncio.Semaphore(AT_A_TIME)

    async def redraw(self, source: Path, target: Path, preview: Path) -> Picture:
        """Raises FileType when it is no picture, FileTooLarge when drawing it would take too much
        memory or time, whatever its size in bytes."""
        async with self._hands:
            code, said = await _run(source, target, preview, str(self._most_pixels))
        if code == 0:
            return _picture(said)
        if code == TOO_LARGE or code < 0:  # killed, at its bound of time or memory
            raise FileTooLarge("this picture has too many pixels")
        raise FileType("this is no picture that can be shown")


async def _run(*arguments: object) -> tuple[int, bytes]:
    """Isolated, without our environment: the painter needs nothing of it and shall know nothing."""
    try:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-B",
            str(PAINTER),
            *map(str, arguments),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=DEVNULL,
            env={},
        )
    except OSError as error:
        raise Unavailable("pictures cannot be drawn right now", retry_after=1) from error
    try:
        async with asyncio.timeout(SECONDS):
            said, _ = await process.communicate()
    except TimeoutError:
        return -1, b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, said
