"""Who asks at a visitor's door: only our own panel does, and it shows the visitor's token."""

from starlette.requests import Request

from chatserver.errors import BadOrigin, Unauthenticated
from chatserver.identity.model import Visitor
from chatserver.identity.visitors import Visitors
from chatserver.web.addresses import is_same_origin


async def visitor_of(request: Request, visitors: Visitors, widget_origin: str) -> Visitor:
    """Raises BadOrigin, Unauthenticated, or NotFound when the site is switched off."""
    if not is_same_origin(request.headers, widget_origin):
        raise BadOrigin
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    visitor = await visitors.of_token(token) if scheme.lower() == "bearer" else None
    if visitor is None:
        raise Unauthenticated
    return visitor
