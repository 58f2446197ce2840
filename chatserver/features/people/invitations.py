"""Invitations: made in the console, accepted on a page of their own."""

from collections.abc import Awaitable, Callable

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from chatserver.config import Settings
from chatserver.errors import BadCredentials, ChatError, Invalid, RateLimited
from chatserver.features.people.door import Door
from chatserver.features.people.model import invitation_view
from chatserver.identity.invitations import Offer
from chatserver.identity.model import AgentSession, Invitation, Role
from chatserver.identity.permissions import PUBLIC
from chatserver.identity.service import Identity
from chatserver.web import params
from chatserver.web.edge import status_of
from chatserver.web.pages import Pages
from chatserver.web.replies import items, json_reply, nothing, see_other
from chatserver.web.routing import Call, Endpoint

PAGE = "/invitations/{token}"

# Sends an invitation's link by mail, in the transaction that makes it; False when it cannot.
SendInvitation = Callable[[AsyncConnection, AgentSession, Invitation, str], Awaitable[bool]]


class NewInvitation(Struct, frozen=True, forbid_unknown_fields=True):
    email: str
    role: str


class InvitationRoutes:
    def __init__(
        self,
        *,
        identity: Identity,
        pages: Pages,
        door: Door,
        settings: Settings,
        send: SendInvitation,
    ) -> None:
        self._invitations = identity.invitations
        self._pages = pages
        self._door = door
        self._origin = settings.console_origin
        self._send = send

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", "/api/invitations", "people.manage", self.list),
            Endpoint("POST", "/api/invitations", "people.manage", self.invite),
            Endpoint("DELETE", "/api/invitations/{id}", "people.manage", self.withdraw),
            Endpoint("GET", PAGE, PUBLIC, self.show),
            Endpoint("POST", PAGE, PUBLIC, self.accept),
        )

    async def list(self, call: Call) -> Response:
        found = await self._invitations.list(call.agent.workspace_id)
        return items([invitation_view(invitation) for invitation in found])

    async def invite(self, call: Call) -> Response:
        """The link is shown in any case: a mail may be late, lost or not configured."""
        wanted = await params.body(call.request, NewInvitation)
        role, mailed = role_of(wanted.role), False
        # The mail speaks as the console does: whoever chose nothing reads what the browser likes.
        language = self._pages.language(call.request, call.agent.locale)
        by = msgspec.structs.replace(call.agent, locale=language)

        async def tell(connection: AsyncConnection, invitation: Invitation, secret: str) -> None:
            nonlocal mailed
            mailed = await self._send(connection, by, invitation, self._link(secret))

        secret, invitation = await self._invitations.invite(
            call.agent, wanted.email, role, tell=tell
        )
        return json_reply(invitation_view(invitation, self._link(secret), mailed), 201)

    async def withdraw(self, call: Call) -> Response:
        await self._invitations.withdraw(call.agent, params.path_id(call.request))
        return nothing()

    async def show(self, call: Call) -> Response:
        return self._page(call.request, await self._offer(call.request))

    async def accept(self, call: Call) -> Response:
        """A wrong password counts like a failed sign-in of that account."""
        offer = await self._offer(call.request)
        fields = await params.form(call.request)
        name, password = fields.get("name", ""), fields.get("password", "")
        try:
            async with self._door.attempt(call.request, offer.invitation.email):
                secret, _ = await self._invitations.accept(
                    _token(call.request), name=name, password=password
                )
        except (Invalid, BadCredentials, RateLimited) as error:
            return self._page(call.request, offer, name, error)
        response = see_other("/agent/")
        self._door.cookies.write(response, secret)
        return response

    def _link(self, secret: str) -> str:
        return f"{self._origin}/invitations/{secret}"

    async def _offer(self, request: Request) -> Offer:
        return await self._invitations.look(_token(request))

    def _page(
        self, request: Request, offer: Offer, name: str = "", error: ChatError | None = None
    ) -> Response:
        wait = error.retry_after if error else None
        return self._pages.show(
            request,
            "invitation.html",
            status=status_of(error) if error else 200,
            problem=_problem(error),
            fields={"name": None, "password": None} | (error.fields if error else {}),
            minutes=-(-round(wait or 60) // 60),
            name=name[:200],
            email=offer.invitation.email,
            role=offer.invitation.role,
            workspace=offer.workspace,
            is_known=offer.is_known,
        )


def role_of(text: str) -> Role:
    """Raises Invalid."""
    if text not in tuple(Role):
        raise Invalid(fields={"role": "unknown"})
    return Role(text)


def _token(request: Request) -> str:
    return str(request.path_params["token"])


def _problem(error: ChatError | None) -> str | None:
    match error:
        case None:
            return None
        case BadCredentials():
            return "wrong"
        case RateLimited():
            return "too_often"
        case _:
            return "fields"
