"""The HTTP doors of a site's identity keys. A secret passes here once, on its way to its owner."""

from datetime import datetime

from msgspec import Struct
from starlette.responses import Response

from chatserver.errors import NotFound
from chatserver.identity.identity_keys import IdentityKeys
from chatserver.identity.model import Algorithm, IdentityKey
from chatserver.identity.service import Identity
from chatserver.web import params
from chatserver.web.replies import items, json_reply, nothing
from chatserver.web.routing import Call, Endpoint

PATH = "/api/sites/{id}/identity-keys"


class KeyView(Struct, frozen=True, omit_defaults=True):
    """`secret` is there in the answer that made it, and never again."""

    id: str
    algorithm: str
    created_at: datetime
    created_by: str
    secret: str = ""


class NewKey(Struct, frozen=True, forbid_unknown_fields=True):
    algorithm: Algorithm = Algorithm.HS256


class KeyRoutes:
    def __init__(self, identity: Identity) -> None:
        self._keys: IdentityKeys = identity.identity_keys
        self._sites = identity.sites

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", PATH, "site.manage", self.list),
            Endpoint("POST", PATH, "site.manage", self.add),
            Endpoint("DELETE", "/api/identity-keys/{id}", "site.manage", self.remove),
        )

    async def list(self, call: Call) -> Response:
        site_id = params.path_id(call.request)
        if site_id not in {site.id for site in await self._sites.list(call.agent.workspace_id)}:
            raise NotFound
        keys = await self._keys.list(call.agent.workspace_id, site_id)
        return items([_view(key) for key in keys])

    async def add(self, call: Call) -> Response:
        wanted = await params.body(call.request, NewKey)
        made = await self._keys.add(call.agent, params.path_id(call.request), wanted.algorithm)
        return json_reply(_view(made.key, made.secret), 201)

    async def remove(self, call: Call) -> Response:
        await self._keys.remove(call.agent, params.path_id(call.request))
        return nothing()


def _view(key: IdentityKey, secret: str = "") -> KeyView:
    return KeyView(key.id, key.algorithm.value, key.created_at, key.created_by, secret)
