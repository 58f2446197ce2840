"""The way of a browser: name, certificate, proxy, pages and sockets, as they come back to us."""

import asyncio
import socket
import ssl
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from email.message import Message
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from msgspec import Struct
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus, WebSocketException
from websockets.typing import Origin

from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.doctor.finding import Finding, fail, ok, warn
from chatserver.doctor.servers import drift

SECONDS = 5
DAY = 86400
# Two thirds of the usual life of a certificate are over then: whatever renews it did not.
CERTIFICATE_DAYS = 20
STRANGER = "https://stranger.invalid"


class Answer(Struct, frozen=True):
    status: int
    headers: Message


async def examine(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """Asks every origin that browsers use; stops where nobody answers."""
    origins = {settings.public_origin, settings.widget_origin, settings.console_origin}
    for origin in sorted(origins):
        answer = await _get(f"{origin}/healthz")
        if isinstance(answer, str):
            yield fail("browsers", f"{origin}: {answer}. Does the service run, and the proxy?")
            continue
        yield _health(origin, answer)
        if origin.startswith("https:"):
            yield await asyncio.to_thread(_certificate, origin, clock.now().timestamp())
        if said := answer.headers["date"]:
            at = parsedate_to_datetime(said)
            yield drift(f"clock of {urlsplit(origin).hostname}", (at - clock.now()).total_seconds())
        yield await _numbers(origin)
    yield await _socket(settings.widget_origin)


def _health(origin: str, answer: Answer) -> Finding:
    if answer.status != 200 or "x-request-id" not in answer.headers:
        return fail("browsers", f"{origin} answers {answer.status}, and it is not this service")
    if origin.startswith("http:") and urlsplit(origin).hostname not in ("localhost", "127.0.0.1"):
        return fail("browsers", f"{origin} answers without TLS: everybody on the way reads along")
    return ok("browsers", f"{origin} leads here")


async def _numbers(origin: str) -> Finding:
    answer = await _get(f"{origin}/metrics")
    if not isinstance(answer, str) and answer.status == 200:
        return fail("metrics", f"{origin}/metrics is open to the world: let the proxy refuse it")
    return ok("metrics", "closed to the world")


async def _socket(origin: str) -> Finding:
    """The proxy has to pass the upgrade on, and the Origin with it."""
    ours, theirs = await _dial(origin, origin), await _dial(origin, STRANGER)
    if ours != 101:
        return fail(
            "sockets", f"{origin} answers {ours} to a WebSocket: chats fall back to polling"
        )
    if theirs != 403:
        return fail("sockets", f"another website's socket is answered {theirs}, not 403")
    return ok("sockets", "let through for our own pages, and for nobody else's")


async def _dial(origin: str, as_if_from: str) -> int | str:
    address = "ws" + origin.removeprefix("http") + "/ws/visitor"
    try:
        async with connect(address, origin=Origin(as_if_from), open_timeout=SECONDS):
            return 101
    except InvalidStatus as error:
        return error.response.status_code
    except (OSError, WebSocketException, TimeoutError) as error:
        return type(error).__name__


async def _get(url: str) -> Answer | str:
    return await asyncio.to_thread(_get_now, url)


def _get_now(url: str) -> Answer | str:
    """The answer, or why there is none."""
    try:
        with urllib.request.urlopen(url, timeout=SECONDS) as answer:
            return Answer(answer.status, answer.headers)
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.headers)
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", "") or error)


def _certificate(origin: str, now: float) -> Finding:
    parts = urlsplit(origin)
    name, port = parts.hostname or "", parts.port or 443
    try:
        with (
            socket.create_connection((name, port), SECONDS) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=name) as tls,
        ):
            until = str((tls.getpeercert() or {}).get("notAfter", ""))
    except OSError as error:
        return fail("certificate", f"{name}: {error}")
    days = int((ssl.cert_time_to_seconds(until) - now) / DAY)
    words = f"of {name}: good for {days} days"
    return warn("certificate", words) if days < CERTIFICATE_DAYS else ok("certificate", words)
