"""The HTTP doors of uploads. Visitors show their token, agents their session; a link is enough for
the file behind it."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from chatserver.conversation.model import Actor, AuthorKind
from chatserver.conversation.projection import file_frame
from chatserver.errors import (
    BadRequest,
    Invalid,
    LengthRequired,
    NotFound,
)
from chatserver.features.uploads.access import Access, Opened
from chatserver.features.uploads.model import Principal
from chatserver.features.uploads.naming import disposition, read_name
from chatserver.features.uploads.service import Announced, Uploads
from chatserver.identity.permissions import PUBLIC, VISITOR
from chatserver.identity.visitors import Visitors
from chatserver.web import params
from chatserver.web.addresses import Addresses
from chatserver.web.replies import json_reply
from chatserver.web.routing import Call, Endpoint
from chatserver.web.visitors import visitor_of

MOST_LINKS = 50
PIECE = 262_144
SHOWN_SECONDS = 300
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
_UPLOAD_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_DIGITS = re.compile(r"[0-9]{1,15}")


class Ask(Struct, frozen=True):
    files: Annotated[list[str], Meta(max_length=MOST_LINKS)]


class UploadRoutes:
    def __init__(
        self,
        *,
        uploads: Uploads,
        access: Access,
        visitors: Visitors,
        addresses: Addresses,
        widget_origin: str,
        most_bytes: int,
    ) -> None:
        self._uploads = uploads
        self._access = access
        self._visitors = visitors
        self._addresses = addresses
        self._widget = widget_origin
        self._most_bytes = most_bytes

    def endpoints(self) -> tuple[Endpoint, ...]:
        most = self._most_bytes
        return (
            Endpoint("POST", "/uploads/visitor", VISITOR, self.from_visitor, body_bytes=most),
            Endpoint("POST", "/uploads/visitor/links", VISITOR, self.links_of_visitor),
            Endpoint(
                "POST", "/uploads/agent", "conversation.write", self.from_agent, body_bytes=most
            ),
            Endpoint(
                "POST",
                "/uploads/agent/links",
                "conversation.read",
                self.links_of_agent,
                quiet=True,  # what is on the screen asks for new links by itself
            ),
            Endpoint("GET", "/uploads/files/{key}", PUBLIC, self.file),
        )

    async def from_visitor(self, call: Call) -> Response:
        return await self._take(call.request, await self._visitor(call.request))

    async def from_agent(self, call: Call) -> Response:
        return await self._take(call.request, _agent(call))

    async def links_of_visitor(self, call: Call) -> Response:
        return await self._links(call.request, await self._visitor(call.request))

    async def links_of_agent(self, call: Call) -> Response:
        return await self._links(call.request, _agent(call))

    async def file(self, call: Call) -> Response:
        """Pictures that we drew are shown, all else is saved. Ranges are not looked at: nothing
        here is so large that half of it would help."""
        opened = await self._access.open(str(call.request.path_params.get("key", "")))
        size = await run_in_threadpool(_size_of, opened.path)
        headers = _headers(opened, size)
        if call.request.method == "HEAD":
            return Response(media_type=opened.type, headers=headers)
        return StreamingResponse(_pieces(opened.path), media_type=opened.type, headers=headers)

    async def _visitor(self, request: Request) -> Principal:
        """Raises as `visitor_of`."""
        visitor = await visitor_of(request, self._visitors, self._widget)
        return Principal(visitor.workspace_id, Actor(AuthorKind.VISITOR, visitor.id))

    async def _take(self, request: Request, who: Principal) -> Response:
        said = _announced(request)
        client = request.client
        forwarded = request.headers.get("x-forwarded-for", "")
        address = self._addresses.of((client.host, client.port) if client else None, forwarded)
        file, is_new = await self._uploads.take(who, address, said, request.stream())
        return json_reply({"file": file_frame(file.told())}, 201 if is_new else 200)

    async def _links(self, request: Request, who: Principal) -> Response:
        asked = await params.body(request, Ask)
        return json_reply({"links": await self._access.links(who, asked.files)})


def _agent(call: Call) -> Principal:
    session = call.agent
    return Principal(session.workspace_id, Actor(AuthorKind.AGENT, session.agent_id), session.id)


def _announced(request: Request) -> Announced:
    """Raises BadRequest, LengthRequired or Invalid. The client's own idea of a type is not asked
    for; the one media type taken is one that no form of another website can send."""
    headers = request.headers
    if headers.get("content-type", "").partition(";")[0].strip() != "application/octet-stream":
        raise BadRequest("send application/octet-stream")
    length, upload_id = headers.get("content-length"), headers.get("x-upload-id", "")
    if length is None:
        raise LengthRequired
    if not _DIGITS.fullmatch(length):
        raise BadRequest("Content-Length is no length")
    if not _UPLOAD_ID.fullmatch(upload_id):
        raise Invalid(fields={"x-upload-id": "unknown" if upload_id else "required"})
    return Announced(upload_id, read_name(headers.get("x-file-name", "")), int(length))


def _headers(opened: Opened, size: int) -> dict[str, str]:
    way = "inline" if opened.type in INLINE else "attachment"
    return {
        "content-length": str(size),
        "content-disposition": disposition(opened.name, way=way),
        "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
        # The frame and the console may live on other origins than the files.
        "cross-origin-resource-policy": "cross-origin",
        "cache-control": f"private, max-age={SHOWN_SECONDS}",
        "referrer-policy": "no-referrer",
        "x-robots-tag": "noindex, nofollow, noarchive",
        "accept-ranges": "none",
    }


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError as error:
        raise NotFound from error


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    file = await run_in_threadpool(path.open, "rb")
    try:
        while piece := await run_in_threadpool(file.read, PIECE):
            yield piece
    finally:
        file.close()
