"""Small pictures on their way in and out: what every door that takes or shows one does."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from chatserver.broker.buckets import Buckets
from chatserver.errors import BadRequest, FileTooLarge, LengthRequired
from chatserver.web.limits import Pace
from chatserver.web.routing import Call

# The bytes of a request and how many they are, into WebP: small, without anything but pixels.
Draw = Callable[[AsyncIterator[bytes], int], Awaitable[bytes]]
_DIGITS = re.compile(r"[0-9]{1,15}")


class Studio:
    """Draws anew what agents bring: `minute` pictures of one agent in a minute, whatever they are
    for; 0: any. Drawing is work, and comes before anybody counts what is kept."""

    def __init__(self, buckets: Buckets, draw: Draw, *, minute: int) -> None:
        rate = minute / 60
        self._pace = Pace(buckets, "pictures of one", rate=rate, burst=minute) if minute else None
        self._draw = draw

    async def take(self, call: Call, most_bytes: int) -> bytes:
        """Raises RateLimited, FileType, and what `announced` does."""
        size = announced(call.request, most_bytes)
        if self._pace:
            await self._pace.take(call.agent.agent_id)
        return await self._draw(call.request.stream(), size)


def announced(request: Request, most_bytes: int) -> int:
    """How many bytes come. The media type is one that no form of another website can send. Raises
    BadRequest, LengthRequired, FileTooLarge."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip()
    if media_type != "application/octet-stream":
        raise BadRequest("send application/octet-stream")
    length = request.headers.get("content-length")
    if length is None:
        raise LengthRequired
    if not _DIGITS.fullmatch(length) or not int(length):
        raise BadRequest("Content-Length is no length")
    if int(length) > most_bytes:
        raise FileTooLarge(f"a picture has at most {most_bytes} bytes")
    return int(length)


def shown(content: bytes) -> Response:
    """WebP that we drew ourselves: its address never means another picture, nothing in it runs, and
    any page of ours may show it."""
    headers = {
        "cache-control": "public, max-age=31536000, immutable",
        "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        "cross-origin-resource-policy": "cross-origin",
        "x-robots-tag": "noindex",
    }
    return Response(content, media_type="image/webp", headers=headers)
