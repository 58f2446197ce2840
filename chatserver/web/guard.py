"""The one way in: every door is built here from its Endpoint, and closed unless its row says so."""

import hmac
from collections import defaultdict
from collections.abc import Iterable, Mapping

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from chatserver.config import Settings
from chatserver.errors import BadOrigin, Forbidden, NotFound
from chatserver.identity import permissions
from chatserver.identity.model import AgentSession
from chatserver.identity.sessions import Sessions
from chatserver.web import params
from chatserver.web.addresses import is_same_origin, own_origins
from chatserver.web.limits import BOUND
from chatserver.web.routing import Call, Endpoint

SAFE = frozenset({"GET", "HEAD"})
OPEN = frozenset({permissions.PUBLIC, permissions.VISITOR})
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Cookies:
    """The session cookie. The __Host- name makes browsers refuse one set by a neighbour's host."""

    def __init__(self, *, is_https: bool) -> None:
        self._is_https = is_https
        self._name = "__Host-session" if is_https else "chat_session"

    def read(self, request: Request) -> str:
        return request.cookies.get(self._name, "")

    def write(self, response: Response, secret: str) -> None:
        """A cookie of the browser's session; the server alone decides how long it is good."""
        response.set_cookie(
            self._name, secret, path="/", secure=self._is_https, httponly=True, samesite="lax"
        )

    def clear(self, response: Response) -> None:
        response.delete_cookie(
            self._name, path="/", secure=self._is_https, httponly=True, samesite="lax"
        )


class Guard:
    """Resolves the session, asks the table of permissions, and stops forged requests."""

    def __init__(self, *, sessions: Sessions, settings: Settings) -> None:
        self._sessions = sessions
        self._cookies = Cookies(is_https=settings.is_https)
        self._ours = own_origins(settings)
        self._console = settings.console_origin

    def routes(self, endpoints: Iterable[Endpoint]) -> list[BaseRoute]:
        """One route per path; plain paths before those with parameters, catch-alls last, and behind
        all of them a wall: Starlette's own answer to a slash too many is a redirect to wherever the
        Host header says."""
        by_path: dict[str, dict[str, Endpoint]] = defaultdict(dict)
        for endpoint in endpoints:
            doors = by_path[endpoint.path]
            if endpoint.method in doors:
                raise ValueError(f"two doors for {endpoint.method} {endpoint.path}")
            doors[endpoint.method] = endpoint
        doors_in_order = sorted(by_path, key=_specificity)
        return [
            *(self._route(path, by_path[path]) for path in doors_in_order),
            Wall(),
        ]

    def _route(self, path: str, doors: Mapping[str, Endpoint]) -> Route:
        allowed = sorted({*doors, *({"HEAD"} if "GET" in doors else ())})

        async def answer(request: Request) -> Response:
            method = "GET" if request.method == "HEAD" else request.method
            if method not in doors:
                raise HTTPException(405, headers={"Allow": ", ".join(allowed)})
            return await self._answer(request, doors[method])

        return _every_method(Route(path, answer, name=path))

    async def _answer(self, request: Request, endpoint: Endpoint) -> Response:
        is_open = endpoint.action in OPEN
        if request.method not in SAFE and not (endpoint.anywhere and is_open):
            self._check_origin(request, endpoint)
        session = None if is_open else await self._find(request, endpoint)
        if not is_open:
            permissions.require(session.role if session else None, endpoint.action)
        if session is not None and request.method not in SAFE:
            await self._check_csrf(request, session)
        if endpoint.body_bytes is not None:
            request.scope[BOUND] = endpoint.body_bytes
        return await endpoint.handler(Call(request, session))

    async def _find(self, request: Request, endpoint: Endpoint) -> AgentSession | None:
        return await self._sessions.find(self._cookies.read(request), touches=not endpoint.quiet)

    def _check_origin(self, request: Request, endpoint: Endpoint) -> None:
        ours = self._ours if endpoint.action in OPEN else self._console
        if not is_same_origin(request.headers, ours):
            raise BadOrigin

    async def _check_csrf(self, request: Request, session: AgentSession) -> None:
        token = request.headers.get("x-csrf-token", "")
        if not token and request.headers.get("content-type", "").startswith(FORMS):
            token = (await params.form(request)).get("csrf", "")
        if not hmac.compare_digest(token.encode(), session.csrf.encode()):
            raise Forbidden("the CSRF token is missing or wrong; reload the page")


class Wall(BaseRoute):
    """Behind all doors, for every path, odd characters included."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.FULL if scope["type"] == "http" else Match.NONE), {}

    async def handle(self, _scope: Scope, _receive: Receive, _send: Send) -> None:
        raise NotFound


def _every_method(route: Route) -> Route:
    """The route is asked whatever the method, so that a wrong one is told every right one."""
    route.methods = None
    return route


def _specificity(path: str) -> tuple[bool, int, str]:
    return (":path}" in path, path.count("{"), path)
