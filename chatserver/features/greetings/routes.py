"""The doors of greetings: what a page needs, what it tells, what the console shows."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from chatserver.errors import BadRequest
from chatserver.features.greetings.model import Beacon, Figures, public
from chatserver.features.greetings.service import Counting
from chatserver.identity.permissions import PUBLIC
from chatserver.identity.sites import Sites
from chatserver.web import params
from chatserver.web.addresses import Addresses
from chatserver.web.replies import json_reply
from chatserver.web.routing import Call, Endpoint

# As the site's public settings: features/embed.
CACHE = "public, max-age=60"
BEACON_BYTES = 16_384
DAYS = 30
YEAR_DAYS = 366


class Answer(msgspec.Struct, frozen=True):
    days: int
    figures: dict[str, Figures]


class GreetingRoutes:
    def __init__(self, *, sites: Sites, counting: Counting, addresses: Addresses) -> None:
        self._sites = sites
        self._counting = counting
        self._addresses = addresses

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", "/widget/greetings", PUBLIC, self.show),
            Endpoint(
                "POST",
                "/widget/greetings",
                PUBLIC,
                self.hear,
                anywhere=True,
                body_bytes=BEACON_BYTES,
            ),
            Endpoint("GET", "/api/sites/{id}/greetings", "site.read", self.figures),
        )

    async def show(self, call: Call) -> Response:
        site = await self._sites.by_key(call.request.query_params.get("site", ""))
        response = json_reply(public(site.widget.greetings))
        response.headers["cache-control"] = CACHE
        return _for_everyone(response)

    async def hear(self, call: Call) -> Response:
        """Sent by `sendBeacon` from any website, so as text, and without a cookie."""
        request = call.request
        try:
            beacon = msgspec.json.decode(await request.body(), type=Beacon)
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise BadRequest("this is no beacon of ours") from error
        await self._counting.hear(beacon, self._address(request), request.headers.get("origin"))
        return _for_everyone(Response(status_code=204))

    async def figures(self, call: Call) -> Response:
        days = min(params.whole_number(call.request, "days", DAYS), YEAR_DAYS)
        workspace_id, site_id = call.agent.workspace_id, params.path_id(call.request)
        return json_reply(Answer(days, await self._counting.figures(workspace_id, site_id, days)))

    def _address(self, request: Request) -> str:
        client = request.client
        forwarded = request.headers.get("x-forwarded-for", "")
        return self._addresses.of((client.host, client.port) if client else None, forwarded)


def _for_everyone(response: Response) -> Response:
    response.headers["access-control-allow-origin"] = "*"
    response.headers["cross-origin-resource-policy"] = "cross-origin"
    return response
