"""Where failures become answers: one table from error to status, one shape for programs, one page
for people. Nothing of our inside leaves: an unknown failure says only its request's id."""

import logging
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from chatserver import errors
from chatserver.errors import ChatError
from chatserver.ids import Ids
from chatserver.web.languages import VISITORS
from chatserver.web.pages import Pages
from chatserver.web.replies import json_reply, problem, see_other

log = logging.getLogger(__name__)

# The nearest class on an error's way up to ChatError decides.
STATUS: Mapping[type[ChatError], int] = MappingProxyType(
    {
        errors.BadRequest: 400,
        errors.LengthRequired: 411,
        errors.FileType: 415,
        errors.Unauthenticated: 401,
        errors.Forbidden: 403,
        errors.NotFound: 404,
        errors.Rejected: 409,
        errors.Conflict: 409,
        errors.Gone: 410,
        errors.TooLarge: 413,
        errors.RateLimited: 429,
        errors.TooManyRequests: 429,
        errors.Unavailable: 503,
        errors.StorageFull: 507,
        ChatError: 500,
    }
)
# What the router itself refuses.
ROUTER: Mapping[int, type[ChatError]] = MappingProxyType(
    {404: errors.NotFound, 405: errors.BadRequest, 413: errors.TooLarge}
)
DATA_PATHS = (
    "/api/",
    "/assets/",
    "/poll/",
    "/widget",
    "/healthz",
    "/readyz",
    "/metrics",
)
SIGN_IN = "/agent/sign-in"


def status_of(error: ChatError) -> int:
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def wants_page(request: Request) -> bool:
    """Whether a person in front of a browser will see the answer."""
    path: str = request.scope["path"]  # never request.url: the Host header has a say in that
    return "text/html" in request.headers.get("accept", "") and not path.startswith(DATA_PATHS)


class Edge:
    """Starlette's exception handlers."""

    def __init__(self, pages: Pages, errors: Counter[str]) -> None:
        """`errors` is where they are counted, by code."""
        self._pages = pages
        self._errors = errors

    async def on_chat_error(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, ChatError)
        return self.answer(request, error, status_of(error))

    async def on_router_error(self, request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        kind = ROUTER.get(error.status_code, errors.BadRequest)
        response = self.answer(request, kind(), error.status_code)
        response.headers.update(error.headers or {})
        return response

    def answer(self, request: Request, error: ChatError, status: int) -> Response:
        self._errors[error.code] += 1
        if not wants_page(request):
            response = json_reply(problem(error), status)
        elif status == 401 and request.method == "GET":
            return see_other(f"{SIGN_IN}?next={quote(request.scope['path'])}")
        else:
            response = self._pages.show(
                request,
                "error.html",
                status=status,
                among=VISITORS,
                code=error.code,
                number=status,
            )
        if error.retry_after is not None:
            response.headers["retry-after"] = str(max(1, round(error.retry_after)))
        return response


class UnknownErrors:
    """Catches what nobody expected, gives it an id, and keeps its details in our log alone."""

    def __init__(self, app: ASGIApp, *, edge: Edge, ids: Ids) -> None:
        self._app = app
        self._edge = edge
        self._ids = ids

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, has_started = self._ids.new(), False

        async def send_with_id(message: Message) -> None:
            nonlocal has_started
            if message["type"] == "http.response.start":
                has_started = True
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        with bound_contextvars(request=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            except Exception:
                # The first word of the path only: an invitation's path is its secret.
                door = scope["path"].strip("/").partition("/")[0][:40]
                log.exception("request failed", extra={"door": door})
                if has_started:
                    raise  # too late for an answer: the server cuts the connection
                error = errors.Internal(f"Something went wrong on our side; request {request_id}.")
                response = self._edge.answer(Request(scope), error, 500)
                await response(scope, receive, send_with_id)
