"""The door by which a visitor logs out of a browser."""

from collections.abc import Callable

from msgspec import Struct
from starlette.responses import Response

from chatserver.errors import BadOrigin
from chatserver.identity.permissions import PUBLIC
from chatserver.identity.visitors import Visitors
from chatserver.web import params
from chatserver.web.addresses import is_same_origin
from chatserver.web.replies import nothing
from chatserver.web.routing import Call, Endpoint


class Leaving(Struct, frozen=True, forbid_unknown_fields=True):
    """The token that is not needed any more."""

    token: str


class LeavingRoutes:
    """`send_back` makes every connection of a visitor come again."""

    def __init__(
        self, *, visitors: Visitors, widget_origin: str, send_back: Callable[[str], None]
    ) -> None:
        self._visitors = visitors
        self._widget_origin = widget_origin
        self._send_back = send_back

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (Endpoint("POST", "/frame/leavings", PUBLIC, self.leave),)

    async def leave(self, call: Call) -> Response:
        """The token lets nobody in any more. The answer is the same whether it was one."""
        if not is_same_origin(call.request.headers, self._widget_origin):
            raise BadOrigin
        leaving = await params.body(call.request, Leaving)
        visitor_id = await self._visitors.forget(leaving.token)
        if visitor_id is not None:
            self._send_back(visitor_id)
        return nothing()
