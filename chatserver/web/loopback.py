"""To a browser, `localhost` and `127.0.0.1` are two origins. Pages asked for by the wrong one
are sent to the right one, before a cookie or a socket misses it."""

from urllib.parse import urlsplit

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
PAGES = ("/agent", "/setup", "/preview", "/invitations/")


class Loopback:
    """Does nothing unless our own origin is a loopback name over plain http."""

    def __init__(self, app: ASGIApp, *, origin: str) -> None:
        self._app = app
        self._origin = origin
        own = urlsplit(origin)
        self._own_host = own.netloc
        # Only the other names of the same port: a redirect from anywhere else could go in circles.
        port = f":{own.port}" if own.port else ""
        is_local = own.scheme == "http" and self._own_host.removesuffix(port) in NAMES
        self._others = {f"{name}{port}" for name in NAMES} - {own.netloc} if is_local else set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and self._is_astray(scope):
            query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
            response = RedirectResponse(f"{self._origin}{scope['path']}{query}", 307)
            await response(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _is_astray(self, scope: Scope) -> bool:
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        is_page = scope["path"] == "/" or scope["path"].startswith(PAGES)
        return host in self._others and is_page
