"""Counts what is asked over HTTP and how it is answered. Around everything else."""

import asyncio
from collections import Counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatserver.counting import Spread

# Anybody may invent a method; a label for each would be memory for each.
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# Held for as long as there is no news, so their time says nothing.
HELD = "/poll/"


class HttpTraffic:
    """Since this process started. `errors` is filled by the edge."""

    def __init__(self) -> None:
        self.open = 0
        self.answers: Counter[tuple[str, str]] = Counter()
        self.errors: Counter[str] = Counter()
        self.seconds = Spread(0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Counted:
    def __init__(self, app: ASGIApp, *, traffic: HttpTraffic) -> None:
        self._app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        now = asyncio.get_running_loop().time
        traffic, began, status = self._traffic, now(), 0

        async def send_counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        traffic.open += 1
        try:
            await self._app(scope, receive, send_counted)
        finally:
            traffic.open -= 1
            method = scope["method"] if scope["method"] in METHODS else "other"
            traffic.answers[method, str(status) if status else "none"] += 1
            if not scope["path"].startswith(HELD):
                traffic.seconds.add(now() - began)
