"""The process under test: `python -m tests.bench.server --kind echo|spine|product --data FOLDER`.

Says on stdout, as one line of JSON, where it listens and which tickets open its sockets. A line on
stdin makes it collect garbage and answer; the end of stdin ends it.
"""

import argparse
import asyncio
import gc
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from chatserver.config import Settings
from chatserver.parts import Parts, open_parts
from chatserver.realtime.endpoint import websocket_routes
from chatserver.realtime.socket_protocol import SocketProtocol
from chatserver.serving import BACKLOG, GC_THRESHOLD, SWITCH_SECONDS
from tests.bench.furnish import furnish, settings_of

KINDS = ("echo", "spine", "product")

Opened = tuple[Any, dict[str, Any]]
Shared = dict[str, str]


async def echo(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except WebSocketDisconnect:
        pass


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


@asynccontextmanager
async def opened(kind: str, settings: Settings, agents: int | None) -> AsyncIterator[Opened]:
    """`agents`: how many to furnish an empty house for; None: somebody else has done so."""

    async def furnished(parts: Parts) -> dict[str, Any]:
        return {} if agents is None else await furnish(parts, agents)

    async with AsyncExitStack() as stack:
        if kind == "echo":
            yield Starlette(routes=[WebSocketRoute("/ws/visitor", echo)]), {}
        elif kind == "spine":
            parts = await stack.enter_async_context(open_parts(settings))
            parts.start()
            app = Starlette(routes=websocket_routes(parts.realtime))
            yield app, await furnished(parts)
        else:
            from chatserver.app import open_app

            product = await open_app(settings)
            stack.push_async_callback(product.close)
            yield product.asgi, await furnished(product.parts)


async def serve(kind: str, data: str, port: int, agents: int | None, shared: Shared) -> None:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536)
    sock.bind(("127.0.0.1", port))
    sock.setblocking(False)
    port = sock.getsockname()[1]
    async with opened(kind, settings_of(data, port, **shared), agents) as (app, said):
        server = _Server(config(app))
        gc.collect()
        gc.freeze()
        gc.set_threshold(GC_THRESHOLD)
        async with asyncio.TaskGroup() as group:
            group.create_task(server.serve(sockets=[sock]))
            group.create_task(obey(server, {"port": port, **said}))


def config(app: Any) -> uvicorn.Config:
    """As `chatserver serve` sets it, for every kind the same."""
    return uvicorn.Config(
        app,
        ws=SocketProtocol,
        ws_max_size=65536,
        ws_ping_interval=None,
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
        backlog=BACKLOG,
    )


async def obey(server: _Server, said: dict[str, Any]) -> None:
    """Tells the bench what it needs, then does as it is told."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await server.is_up.wait()
    print(json.dumps(said), flush=True)
    while await reader.readline():
        gc.collect()
        print("{}", flush=True)
    server.should_exit = True


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kind", choices=KINDS, required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--agents", type=int)
    parser.add_argument("--shared", type=json.loads, default={}, help="settings, as JSON")
    options = parser.parse_args()
    sys.setswitchinterval(SWITCH_SECONDS)
    uvloop.run(serve(options.kind, options.data, options.port, options.agents, options.shared))


if __name__ == "__main__":
    main()
