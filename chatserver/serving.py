"""Runs the service as a process: opens it, binds the port, says where to click, closes in order."""

import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from types import FrameType
from urllib.parse import urlsplit

import click
import uvicorn

from chatserver import telemetry
from chatserver.app import App, open_app
from chatserver.config import Settings
from chatserver.realtime.socket_protocol import SocketProtocol
from chatserver.reporting import report_errors
from chatserver.tracing import traced

# Browsers that arrive all at once after a restart wait in the kernel, not in a refusal.
BACKLOG = 4096
# Time that requests have to end at shutdown, in seconds. Sockets are closed before.
GRACE_SECONDS = 5
# Bytes that the kernel keeps for one peer; Linux doubles it. A tenth of its own choice.
SEND_BUFFER = 65536
# And for how long, while the peer takes nothing: longer than our own patience with a socket.
UNREAD_MILLISECONDS = 60_000
# The collector looks at everything that lives; thousands of connections make that dear, and what a
# connection leaves behind is freed by counting anyway.
GC_THRESHOLD = 50_000
# How long a thread that wants to go on waits for another one to let it, in seconds. The writer's
# thread lets go a dozen times for each batch; at Python's 5 ms a busy loop made it wait for each.
SWITCH_SECONDS = 0.001


async def serve(settings: Settings, *, demo: bool) -> None:
    """Serves until a signal comes."""
    telemetry.configure(settings.log_level, settings.log_format)
    if settings.sentry_dsn:
        report_errors(settings.sentry_dsn)
    sock = bind(settings)  # first: a second start on a busy port must not touch the data
    async with AsyncExitStack() as exits:
        app = await open_app(settings, is_demo=demo)
        exits.push_async_callback(app.close)
        say = _say_demo if demo else _say_plain
        config = uvicorn_config(app, settings)
        if settings.otlp_url:
            config.app, send_last = traced(app.asgi, settings.otlp_url)
            exits.push_async_callback(asyncio.to_thread, send_last)
        server = _Server(config, app, say=lambda: say(app))
        _serve_metrics(app)
        _back_up_on_signal(app)
        gc.collect()
        gc.freeze()
        gc.set_threshold(GC_THRESHOLD)
        sys.setswitchinterval(SWITCH_SECONDS)
        await server.serve(sockets=[sock])


def _serve_metrics(app: App) -> None:
    """On a port that no proxy leads to. It answers for as long as there is something to measure."""
    settings = app.settings
    if settings.metrics_port:
        sock = _listen(settings.metrics_host, settings.metrics_port, "METRICS_PORT")
        config = uvicorn.Config(
            app.metrics.asgi, lifespan="off", log_config=None, access_log=False, server_header=False
        )
        app.parts.supervisor.start("metrics", _Quiet(config).serve(sockets=[sock]))


class _Quiet(uvicorn.Server):
    """Leaves the signals to the other server; it ends with the supervisor."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _back_up_on_signal(app: App) -> None:
    """Who may send this process a signal may ask for a backup; no door over HTTP leads there."""
    if hasattr(signal, "SIGUSR1"):
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, app.backups.ask)


class _Server(uvicorn.Server):
    """Tells people where to click once the port answers, and drains before it stops."""

    def __init__(self, config: uvicorn.Config, app: App, *, say: Callable[[], None]) -> None:
        super().__init__(config)
        self._app = app
        self._say = say
        self._loop = asyncio.get_running_loop()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._say()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """uvicorn would send itself the signal once more at the end, and the process would be gone
        before the house is closed: leases kept, other nodes not told, a log of SQLite left."""
        with super().capture_signals():
            yield
            self._captured_signals.clear()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """uvicorn would close every socket at once; the first signal drains, a second one stops."""
        parts = self._app.parts
        if parts.draining.has_begun or not self.started:
            super().handle_exit(sig, frame)
            return
        parts.draining.has_begun = True
        self._loop.call_soon_threadsafe(self._start_draining, sig, frame)

    def _start_draining(self, sig: int, frame: FrameType | None) -> None:
        self._app.parts.supervisor.start("drain", self._drain(sig, frame))

    async def _drain(self, sig: int, frame: FrameType | None) -> None:
        for server in self.servers:
            server.close()
        try:
            await self._app.parts.draining.run()
            async with asyncio.timeout(GRACE_SECONDS):
                await self._app.parts.conversations.settle()
        finally:
            super().handle_exit(sig, frame)


def uvicorn_config(app: App, settings: Settings) -> uvicorn.Config:
    """How our sockets are served."""
    return uvicorn.Config(
        app.asgi,
        ws=SocketProtocol,
        ws_max_size=settings.agent_frame_bytes,
        ws_ping_interval=None,  # our own pings carry the head
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,  # X-Forwarded-For is read with trusted_proxies, nowhere else
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=BACKLOG,
    )


def bind(settings: Settings) -> socket.socket:
    """A socket on the wanted port, not listening yet. Those it accepts inherit its options."""
    sock = _listen(settings.host, settings.port, "PORT or --port")
    # A reader who never reads would otherwise hide megabytes in the kernel's buffers.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNREAD_MILLISECONDS)
    return sock


def _listen(host: str, port: int, setting: str) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise click.ClickException(
            f"cannot listen on {host}:{port}: {error.strerror}. "
            f"Another program may be using the port; set CHATSERVER_{setting}."
        ) from error
    sock.setblocking(False)
    return sock


def _say_plain(app: App) -> None:
    origin = app.settings.console_origin
    click.echo(f"\n  Console    {origin}/agent/")
    if app.setup_secret:
        click.echo(f"\n  This installation is empty. Set it up at {origin}/setup")
        click.echo(f"  with this one-time secret:  {app.setup_secret}\n")


def _say_demo(app: App) -> None:
    demo, origin = app.demo, app.settings.console_origin
    if demo is None:
        return
    host = urlsplit(app.shop_origin).netloc
    click.echo(f"\n  Demo shop  http://{host}/        be a visitor: click the bubble")
    click.echo(f"  Console    {origin}/agent/   be an agent: sign in and take the chat")
    click.echo(f"\n  Sign in as {', '.join(demo.emails)}")
    click.echo(f"  Password   {demo.password}\n")
    click.echo("  Ctrl+C stops it. The data stays in " + app.settings.data_dir + ".\n")
