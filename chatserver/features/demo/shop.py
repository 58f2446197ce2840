"""The demo shop: an ordinary website of a customer, on a host of its own, with a strict policy.

It knows of the chat what every customer knows: one script tag. Nothing here is about a person.
"""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatserver.features.demo import cart
from chatserver.features.demo.catalogue import PRODUCTS, find, others
from chatserver.features.demo.pages import Pages

FILES = Path(__file__).parent / "static"


def shop(*, chat_origin: str, console_url: str, site_key: str) -> Starlette:
    """The site of a customer who pasted the snippet. Mount it on the host `shop.localhost`."""
    pages = Pages(chat_origin=chat_origin, console_url=console_url, site_key=site_key)

    async def home(request: Request) -> Response:
        return pages.render(request, "home.html", products=PRODUCTS[:4])

    async def catalogue(request: Request) -> Response:
        kind = request.query_params.get("kind", "")
        products = [product for product in PRODUCTS if kind in ("", product.kind)]
        return pages.render(request, "shop.html", products=products, kind=kind)

    async def product(request: Request) -> Response:
        found = find(request.path_params["slug"])
        if found is None:
            raise HTTPException(404)
        return pages.render(request, "product.html", product=found, products=others(found, 4))

    async def show_cart(request: Request) -> Response:
        return pages.cart(request)

    async def change_cart(request: Request) -> Response:
        async with request.form(max_fields=4, max_files=0) as form:
            changes = {name: value for name, value in form.items() if isinstance(value, str)}
        return _with_cart(pages.link(request, "/cart"), _changed(request, changes))

    async def about(request: Request) -> Response:
        return pages.render(request, "about.html")

    async def missing(request: Request, error: Exception) -> Response:
        return pages.render(request, "missing.html", status=404)

    routes = [
        Route("/", home),
        Route("/shop", catalogue),
        Route("/shop/{slug}", product),
        Route("/cart", show_cart),
        Route("/cart", change_cart, methods=["POST"]),
        Route("/about", about),
        Route("/shop.css", _file("shop.css", "text/css")),
        Route("/icon.svg", _file("icon.svg", "image/svg+xml")),
    ]
    app = Starlette(routes=routes, exception_handlers={404: missing})
    app.add_middleware(_Headers, policy=_policy(chat_origin))
    return app


def _policy(chat_origin: str) -> str:
    """What a careful shop allows: its own files, and of the chat its script, frame and settings."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {chat_origin}",
            f"frame-src {chat_origin}",
            f"connect-src {chat_origin}",
            "style-src 'self'",
            "img-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


class _Headers:
    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "strict-origin-when-cross-origin",
            "Cache-Control": "no-cache",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        await self._app(scope, receive, send_with)


def _file(name: str, media_type: str) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        return FileResponse(FILES / name, media_type=media_type)

    return serve


def _changed(request: Request, changes: Mapping[str, str]) -> dict[str, int]:
    held = cart.read(request.cookies.get(cart.COOKIE, ""))
    if "add" in changes:
        held = cart.added(held, changes["add"])
    return cart.removed(held, changes["remove"]) if "remove" in changes else held


def _with_cart(url: str, held: Mapping[str, int]) -> Response:
    response = RedirectResponse(url, status_code=303)
    response.set_cookie(cart.COOKIE, cart.write(held), httponly=True, samesite="lax")
    return response
