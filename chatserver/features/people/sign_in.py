"""Signing in and out."""

import re

from starlette.requests import Request
from starlette.responses import Response

from chatserver.errors import BadCredentials, ChatError, RateLimited, Unavailable
from chatserver.features.people.door import Door
from chatserver.identity.permissions import PUBLIC
from chatserver.identity.service import Identity
from chatserver.web import params
from chatserver.web.edge import SIGN_IN, status_of, wants_page
from chatserver.web.pages import Pages
from chatserver.web.replies import nothing, see_other
from chatserver.web.routing import Call, Endpoint

HOME = "/agent/"
# Where one may be sent after signing in: deeper into the console, and nowhere else.
_NEXT = re.compile(r"/agent/[A-Za-z0-9/_.~-]{0,300}")
PROBLEMS: dict[type[ChatError], str] = {
    BadCredentials: "wrong",
    RateLimited: "too_often",
    Unavailable: "busy",
}


class SignIn:
    def __init__(self, *, identity: Identity, pages: Pages, door: Door) -> None:
        self._accounts = identity.accounts
        self._sessions = identity.sessions
        self._pages = pages
        self._door = door

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", SIGN_IN, PUBLIC, self.show),
            Endpoint("POST", SIGN_IN, PUBLIC, self.sign_in),
            Endpoint("POST", "/agent/sign-out", "session.own", self.sign_out),
        )

    async def show(self, call: Call) -> Response:
        return self._page(call.request, dict(call.request.query_params))

    async def sign_in(self, call: Call) -> Response:
        fields = await params.form(call.request)
        email = fields.get("email", "")
        try:
            async with self._door.attempt(call.request, email):
                secret, _ = await self._accounts.sign_in(
                    email, fields.get("password", ""), workspace_id=fields.get("workspace") or None
                )
        except (BadCredentials, RateLimited, Unavailable) as error:
            return self._page(call.request, fields, error)
        await self._forget(call.request)
        response = see_other(safe_next(fields.get("next", "")))
        self._door.cookies.write(response, secret)
        return response

    async def sign_out(self, call: Call) -> Response:
        await self._sessions.end(call.agent)
        response = see_other(SIGN_IN) if wants_page(call.request) else nothing()
        self._door.cookies.clear(response)
        return response

    async def _forget(self, request: Request) -> None:
        """The session this browser had before is over: a session never changes its owner."""
        before = await self._sessions.find(self._door.cookies.read(request))
        if before is not None:
            await self._sessions.end(before)

    def _page(
        self, request: Request, fields: dict[str, str], error: ChatError | None = None
    ) -> Response:
        wait = error.retry_after if isinstance(error, RateLimited) else None
        return self._pages.show(
            request,
            "sign_in.html",
            status=status_of(error) if error else 200,
            problem=_problem(error) if error else None,
            minutes=-(-round(wait or 60) // 60),
            email=fields.get("email", "")[:200],
            next=safe_next(fields.get("next", "")),
            workspace=fields.get("workspace", "")[:64],
            asked="lang" in request.query_params,
        )


def _problem(error: ChatError) -> str:
    return next(word for kind, word in PROBLEMS.items() if isinstance(error, kind))


def safe_next(path: str) -> str:
    """The path when it leads into our console, else the console's first page."""
    is_plain = _NEXT.fullmatch(path) and ".." not in path and "//" not in path
    return path if is_plain and not path.startswith("/agent/sign-") else HOME
