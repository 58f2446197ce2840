"""The security headers of every answer, and the content policies of the pages."""

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Two years, as browsers' own lists ask. Subdomains are the operator's business.
HSTS = "max-age=63072000"
NO_FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"

DATA = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def page_policy(nonce: str) -> str:
    """A page of our own: no script but ours, nobody frames it."""
    return _policy(nonce, connect=["'self'"], ancestors=["'none'"], form="'self'")


def console_policy(nonce: str, socket: str, uploads: str, widget: str) -> str:
    """`uploads`: where the pictures of messages come from; `widget`: what the customiser shows."""
    page = _policy(
        nonce,
        connect=["'self'", socket],
        ancestors=["'none'"],
        form="'self'",
        images=[uploads, widget],
    )
    return f"{page}; frame-src {widget}"


def frame_policy(nonce: str, socket: str, uploads: str, ancestors: Iterable[str]) -> str:
    """The widget's panel: only the site's own origins, and ours, may frame it."""
    return _policy(
        nonce,
        connect=["'self'", socket],
        ancestors=["'self'", *ancestors],
        form="'none'",
        images=[uploads],
    )


def preview_policy(nonce: str, widget: str, ancestors: Iterable[str] = ("'none'",)) -> str:
    """A page like a customer's: it loads the widget from where the widget lives."""
    page = _policy(nonce, connect=["'self'", widget], ancestors=list(ancestors), form="'none'")
    return f"{page.replace('script-src', f'script-src {widget}')}; frame-src 'self' {widget}"


def _policy(
    nonce: str,
    *,
    connect: list[str],
    ancestors: list[str],
    form: str,
    images: Iterable[str] = (),
) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            " ".join(("img-src 'self' data: blob:", *images)),
            "media-src 'self' data:",
            "font-src 'self'",
            f"connect-src {' '.join(dict.fromkeys(connect))}",
            f"frame-ancestors {' '.join(dict.fromkeys(ancestors))}",
            "base-uri 'none'",
            f"form-action {form}",
        )
    )


class SecurityHeaders:
    """Adds what an answer does not say itself; refusals of WebSockets are answers too."""

    def __init__(self, app: ASGIApp, *, is_https: bool) -> None:
        self._app = app
        self._headers = {
            "content-security-policy": DATA,
            "x-content-type-options": "nosniff",
            "referrer-policy": "strict-origin-when-cross-origin",
            "permissions-policy": NO_FEATURES,
            "cross-origin-resource-policy": "same-origin",
            "cache-control": "no-store",
        }
        if is_https:
            self._headers["strict-transport-security"] = HSTS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
