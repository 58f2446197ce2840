"""The doors of agents' photos: each brings their own, visitors ask for those of whom they met."""

import re
from collections.abc import Mapping

from msgspec import Struct
from starlette.responses import Response

from chatserver.features.photos.service import Photos, own_address
from chatserver.identity.permissions import PUBLIC
from chatserver.web import params
from chatserver.web.pictures import Studio, shown
from chatserver.web.replies import json_reply, nothing
from chatserver.web.routing import Call, Endpoint

# A photo that was taken away is not shown to the next one who asks.
LIST_CACHE = "no-store"
# More people than any chat has seen.
MOST_AGENTS = 50
_AGENT = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Known(Struct, frozen=True):
    """Addresses of photos, below our own, by agents' ids. Who is not there has none."""

    photos: Mapping[str, str]


class PhotoRoutes:
    def __init__(self, *, photos: Photos, studio: Studio, most_bytes: int) -> None:
        self._photos = photos
        self._studio = studio
        self._most_bytes = most_bytes

    def endpoints(self) -> tuple[Endpoint, ...]:
        most = self._most_bytes
        return (
            Endpoint("POST", "/api/me/photo", "session.own", self.replace, body_bytes=most),
            Endpoint("DELETE", "/api/me/photo", "session.own", self.remove_own),
            Endpoint("DELETE", "/api/agents/{id}/photo", "people.manage", self.remove),
            Endpoint("GET", "/api/photos", "agent.read", self.list),
            Endpoint("GET", "/widget/photos", PUBLIC, self.of_agents),
            Endpoint("GET", "/widget/photos/{photo}", PUBLIC, self.show),
        )

    async def replace(self, call: Call) -> Response:
        drawn = await self._studio.take(call, self._most_bytes)
        photo = await self._photos.replace(call.agent, drawn)
        return json_reply(Known({call.agent.agent_id: own_address(photo)}), 201)

    async def remove_own(self, call: Call) -> Response:
        await self._photos.remove(call.agent, call.agent.agent_id)
        return nothing()

    async def remove(self, call: Call) -> Response:
        await self._photos.remove(call.agent, params.path_id(call.request))
        return nothing()

    async def list(self, call: Call) -> Response:
        return json_reply(Known(await self._photos.of_workspace(call.agent.workspace_id)))

    async def of_agents(self, call: Call) -> Response:
        query = call.request.query_params
        wanted = query.get("agents", "").split(",")[:MOST_AGENTS]
        agents = [one for one in wanted if _AGENT.fullmatch(one)]
        found = await self._photos.of_agents(query.get("site", ""), agents)
        response = json_reply(Known(found))
        response.headers["cache-control"] = LIST_CACHE
        return response

    async def show(self, call: Call) -> Response:
        photo_id = params.path_id(call.request, "photo")
        return shown(await self._photos.content(photo_id))
