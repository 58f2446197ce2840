"""The door of the site check."""

from collections.abc import Sequence

from msgspec import Struct
from starlette.responses import Response

from chatserver.features.sitecheck.model import Finding
from chatserver.features.sitecheck.service import SiteCheck
from chatserver.web import params
from chatserver.web.replies import json_reply
from chatserver.web.routing import Call, Endpoint


class Ask(Struct, frozen=True, forbid_unknown_fields=True):
    address: str


class Answer(Struct, frozen=True):
    findings: Sequence[Finding]


class CheckRoutes:
    def __init__(self, check: SiteCheck) -> None:
        self._check = check

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (Endpoint("POST", "/api/sites/{id}/check", "site.manage", self.look),)

    async def look(self, call: Call) -> Response:
        site_id = params.path_id(call.request)
        asked = await params.body(call.request, Ask)
        return json_reply(Answer(await self._check.look(call.agent, site_id, asked.address)))
