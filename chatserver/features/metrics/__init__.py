"""Metrics: what the house counts, for Prometheus. Shut unless a token or a port is set."""

import hmac
from collections.abc import Awaitable, Callable, Iterable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from chatserver.errors import ChatError, Unauthenticated, Unavailable
from chatserver.feature import Feature
from chatserver.features.metrics import sources, store
from chatserver.features.metrics.pulse import Pulse
from chatserver.features.metrics.samples import Sample, render
from chatserver.features.metrics.sources import Runner, Schedule
from chatserver.identity.permissions import PUBLIC
from chatserver.parts import Parts
from chatserver.storage import log
from chatserver.web.counted import HttpTraffic
from chatserver.web.routing import Call, Endpoint

__all__ = ["Metrics", "Sample"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

# What another slice counts in its own tables.
Counting = Callable[[], Awaitable[Iterable[Sample]]]


class Metrics:
    """`feature` for the house's own port, `asgi` for the port that is only for this."""

    def __init__(
        self,
        parts: Parts,
        *,
        http: HttpTraffic,
        runner: Runner,
        schedule: Schedule,
        others: Iterable[Counting] = (),
    ) -> None:
        self._parts = parts
        self._http = http
        self._runner = runner
        self._schedule = schedule
        self._others = list(others)
        self._token = parts.settings.metrics_token
        self._began = parts.clock.monotonic()
        self.pulse = Pulse()
        endpoint = Endpoint("GET", "/metrics", PUBLIC, self._door)
        self.feature = Feature("metrics", (endpoint,) if self._token else ())

    @property
    def asgi(self) -> ASGIApp:
        async def answer(request: Request) -> Response:
            try:
                return await self._answer(request)
            except Unauthenticated:
                return Response(status_code=401)

        return Starlette(routes=[Route("/metrics", answer)])

    async def text(self) -> bytes:
        """As of now."""
        return render([*self._here(), *await self._stored()])

    async def _door(self, call: Call) -> Response:
        return await self._answer(call.request)

    async def _answer(self, request: Request) -> Response:
        given = request.headers.get("authorization", "").encode()
        if self._token and not hmac.compare_digest(given, f"Bearer {self._token}".encode()):
            raise Unauthenticated
        return Response(await self.text(), headers={"content-type": CONTENT_TYPE})

    def _here(self) -> Iterable[Sample]:
        parts = self._parts
        yield Sample("up_seconds", parts.clock.monotonic() - self._began)
        yield Sample("loop_lag_seconds", self.pulse.lag)
        yield from sources.of_node(parts)
        yield from sources.of_pool(parts.database.pool)
        yield from sources.of_commits(parts)
        yield from sources.of_connections(parts.realtime.crowd)
        yield from sources.of_http(self._http)
        yield from sources.of_runner(self._runner)
        yield from sources.of_backups(self._schedule, parts.clock.now())

    async def _stored(self) -> list[Sample]:
        """What only the database knows; without it, that it is away."""
        try:
            found = await self._read()
            for other in self._others:
                found += await other()
        except ChatError as error:
            if not isinstance(error, Unavailable):
                raise
            return [Sample("database_up", 0)]
        return [*found, Sample("database_up", 1)]

    async def _read(self) -> list[Sample]:
        now = self._parts.clock.now()
        async with self._parts.database.read() as connection:
            head = await log.head(connection)
            dead = await store.count_dead_letters(connection)
            due, since = await store.due_timers(connection, now, self._runner.timed)
        late = (now - since).total_seconds() if since else 0
        return [
            Sample("log_position", head.position),
            Sample("timers_due", due),
            Sample("timers_late_seconds", late),
            *(Sample("dead_letters", number, (name,)) for name, number in dead.items()),
        ]
