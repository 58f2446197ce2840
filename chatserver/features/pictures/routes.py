"""The doors of site pictures: an admin brings one, everybody may see it."""

import re

from msgspec import Struct
from starlette.responses import Response

from chatserver.errors import BadRequest, FileTooLarge, LengthRequired
from chatserver.features.pictures.service import Pictures
from chatserver.identity.permissions import PUBLIC
from chatserver.web import params
from chatserver.web.replies import json_reply
from chatserver.web.routing import Call, Endpoint

_DIGITS = re.compile(r"[0-9]{1,15}")


class Taken(Struct, frozen=True):
    id: str


class PictureRoutes:
    def __init__(self, *, pictures: Pictures, most_bytes: int) -> None:
        self._pictures = pictures
        self._most_bytes = most_bytes

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint(
                "POST",
                "/api/sites/{id}/pictures",
                "site.manage",
                self.add,
                body_bytes=self._most_bytes,
            ),
            Endpoint("GET", "/widget/pictures/{picture}", PUBLIC, self.show),
        )

    async def add(self, call: Call) -> Response:
        """The media type is one that no form of another website can send."""
        request = call.request
        site_id = params.path_id(request)
        await self._pictures.expect(call.agent, site_id)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip()
        if media_type != "application/octet-stream":
            raise BadRequest("send application/octet-stream")
        length = request.headers.get("content-length")
        if length is None:
            raise LengthRequired
        if not _DIGITS.fullmatch(length) or not int(length):
            raise BadRequest("Content-Length is no length")
        if int(length) > self._most_bytes:
            raise FileTooLarge(f"a picture has at most {self._most_bytes} bytes")
        taken = await self._pictures.add(call.agent, site_id, request.stream(), int(length))
        return json_reply(Taken(taken), 201)

    async def show(self, call: Call) -> Response:
        content = await self._pictures.content(params.path_id(call.request, "picture"))
        headers = {
            "cache-control": "public, max-age=31536000, immutable",
            "content-security-policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
            "cross-origin-resource-policy": "cross-origin",
            "x-robots-tag": "noindex",
        }
        return Response(content, media_type="image/webp", headers=headers)
