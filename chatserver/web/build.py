"""The parts of the web edge, put together once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from chatserver.config import Settings
from chatserver.errors import ChatError
from chatserver.identity.service import Identity
from chatserver.ids import Ids
from chatserver.web.counted import Counted, HttpTraffic
from chatserver.web.edge import Edge, UnknownErrors
from chatserver.web.guard import Guard
from chatserver.web.headers import SecurityHeaders
from chatserver.web.limits import BodyLimit
from chatserver.web.loopback import Loopback
from chatserver.web.pages import Pages
from chatserver.web.routing import Endpoint
from chatserver.web.static import Assets


@dataclass(frozen=True, slots=True)
class Web:
    """What an application needs of us: `routes(…)` for its doors, and what Starlette takes."""

    pages: Pages
    traffic: HttpTraffic
    guard: Guard
    middleware: list[Middleware]
    exception_handlers: Mapping[Any, Callable[..., Any]]

    def routes(self, endpoints: Iterable[Endpoint]) -> list[BaseRoute]:
        """Every door of the service, the built files included. Call it once, with all of them."""
        return self.guard.routes([*self.pages.assets.endpoints(), *endpoints])


def build(*, settings: Settings, identity: Identity, ids: Ids, assets: Assets | None = None) -> Web:
    pages = Pages(assets or Assets())
    traffic = HttpTraffic()
    edge = Edge(pages, traffic.errors)
    return Web(
        pages=pages,
        traffic=traffic,
        guard=Guard(sessions=identity.sessions, settings=settings),
        middleware=[
            Middleware(Counted, traffic=traffic),
            Middleware(SecurityHeaders, is_https=settings.is_https),
            Middleware(UnknownErrors, edge=edge, ids=ids),
            Middleware(Loopback, origin=settings.console_origin),
            Middleware(BodyLimit, most_bytes=settings.body_bytes),
        ],
        exception_handlers={
            ChatError: edge.on_chat_error,
            HTTPException: edge.on_router_error,
        },
    )
