"""The HTTP doors of sites: parse, ask, answer."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from starlette.responses import Response

from chatserver.config import Settings
from chatserver.errors import Invalid
from chatserver.identity.model import Site, SiteFields
from chatserver.identity.sites import Sites
from chatserver.web import params
from chatserver.web.replies import items, json_reply
from chatserver.web.routing import Call, Endpoint
from chatserver.web.snippet import preview_url, snippet, stage_url


class SiteView(Struct, frozen=True):
    """A site as agents see it, with what its owner pastes and tries."""

    id: str
    key: str
    name: str
    color: str
    position: str
    greeting: str
    locale: str
    origins: tuple[str, ...]
    enabled: bool
    drafts: bool
    snippet: str
    preview_url: str
    stage_url: str
    created_at: datetime


class SiteRoutes:
    def __init__(self, *, sites: Sites, settings: Settings) -> None:
        self._sites = sites
        self._settings = settings

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", "/api/sites", "site.read", self.list),
            Endpoint("POST", "/api/sites", "site.manage", self.add),
            Endpoint("PATCH", "/api/sites/{id}", "site.manage", self.change),
            Endpoint("GET", "/api/sites/{id}/widget", "site.read", self.widget),
            Endpoint("PATCH", "/api/sites/{id}/widget", "site.manage", self.change_widget),
        )

    async def list(self, call: Call) -> Response:
        found = await self._sites.list(call.agent.workspace_id)
        return items([self._view(site) for site in found])

    async def add(self, call: Call) -> Response:
        fields = await params.body(call.request, SiteFields)
        return json_reply(self._view(await self._sites.add(call.agent, fields)), 201)

    async def change(self, call: Call) -> Response:
        site_id = params.path_id(call.request)
        fields = await params.body(call.request, SiteFields)
        return json_reply(self._view(await self._sites.change(call.agent, site_id, fields)))

    async def widget(self, call: Call) -> Response:
        site_id = params.path_id(call.request)
        return json_reply(await self._sites.widget(call.agent.workspace_id, site_id))

    async def change_widget(self, call: Call) -> Response:
        site_id = params.path_id(call.request)
        sections = await params.body(call.request, dict[str, Any])
        version = sections.pop("version", None)
        if type(version) is not int:
            raise Invalid(fields={"version": "unknown" if version else "required"})
        return json_reply(await self._sites.change_widget(call.agent, site_id, sections, version))

    def _view(self, site: Site) -> SiteView:
        return SiteView(
            id=site.id,
            key=site.key,
            name=site.name,
            color=site.color,
            position=site.position,
            greeting=site.greeting,
            locale=site.locale,
            origins=site.origins,
            enabled=site.enabled,
            drafts=site.drafts,
            snippet=snippet(self._settings, site.key),
            preview_url=preview_url(self._settings, site.key),
            stage_url=stage_url(self._settings, site.key),
            created_at=site.created_at,
        )
