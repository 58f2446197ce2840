"""The doors of site pictures: an admin brings one, everybody may see it."""

from msgspec import Struct
from starlette.responses import Response

from chatserver.features.pictures.service import Pictures
from chatserver.identity.permissions import PUBLIC
from chatserver.web import params
from chatserver.web.pictures import Studio, shown
from chatserver.web.replies import json_reply
from chatserver.web.routing import Call, Endpoint


class Taken(Struct, frozen=True):
    id: str


class PictureRoutes:
    def __init__(self, *, pictures: Pictures, studio: Studio, most_bytes: int) -> None:
        self._pictures = pictures
        self._studio = studio
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
        site_id = params.path_id(call.request)
        await self._pictures.expect(call.agent, site_id)
        drawn = await self._studio.take(call, self._most_bytes)
        taken = await self._pictures.add(call.agent, site_id, drawn)
        return json_reply(Taken(taken), 201)

    async def show(self, call: Call) -> Response:
        picture_id = params.path_id(call.request, "picture")
        return shown(await self._pictures.content(picture_id))
