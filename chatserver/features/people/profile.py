"""One's own profile, password and socket tickets."""

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from chatserver.features.people.door import Door
from chatserver.features.people.model import me
from chatserver.identity.model import AgentSession
from chatserver.identity.service import Identity
from chatserver.web import params
from chatserver.web.pages import Pages
from chatserver.web.replies import json_reply, nothing
from chatserver.web.routing import Call, Endpoint


class ProfileChange(Struct, frozen=True, forbid_unknown_fields=True):
    name: str | None = None
    locale: str | None = None


class PasswordChange(Struct, frozen=True, forbid_unknown_fields=True):
    current: str
    new: str


class ProfileRoutes:
    def __init__(self, *, identity: Identity, pages: Pages, door: Door) -> None:
        self._identity = identity
        self._pages = pages
        self._door = door

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", "/api/me", "session.own", self.show),
            Endpoint("PATCH", "/api/me", "session.own", self.change),
            Endpoint("PUT", "/api/me/password", "session.own", self.change_password),
            Endpoint("POST", "/api/tickets", "session.own", self.ticket, quiet=True),
        )

    async def show(self, call: Call) -> Response:
        return await self._me(call.request, call.agent)

    async def change(self, call: Call) -> Response:
        wanted = await params.body(call.request, ProfileChange)
        session = await self._identity.accounts.change_profile(
            call.agent, name=wanted.name, locale=wanted.locale
        )
        return await self._me(call.request, session)

    async def change_password(self, call: Call) -> Response:
        wanted = await params.body(call.request, PasswordChange)
        async with self._door.attempt(call.request, call.agent.person_id):
            await self._identity.accounts.change_password(call.agent, wanted.current, wanted.new)
        return nothing()

    async def ticket(self, call: Call) -> Response:
        return json_reply({"ticket": await self._identity.tickets.issue(call.agent)})

    async def _me(self, request: Request, session: AgentSession) -> Response:
        workspace = await self._identity.installation.workspace(session.workspace_id)
        return json_reply(me(session, workspace, self._pages.language(request, session.locale)))
