"""Small clients over real sockets, which send whatever they are told to: also nonsense."""

import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol

import httpx2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.support.running import PASSWORD

Frame = dict[str, Any]


class Place(Protocol):
    """Where a service runs: in a process of its own, or in this one."""

    @property
    def origin(self) -> str: ...

    @property
    def shop(self) -> str: ...


@dataclass
class Wire:
    """One socket. Facts that pass by are kept; everything else is read when it is asked for."""

    socket: ClientConnection
    welcome: Frame = field(default_factory=dict)
    facts: list[Frame] = field(default_factory=list)
    ids: "count[int]" = field(default_factory=lambda: count(1))

    async def send(self, frame: Frame) -> None:
        await self.socket.send(json.dumps(frame, ensure_ascii=False))

    async def read(self) -> Frame:
        """The next frame. Raises ConnectionClosed."""
        frame: Frame = json.loads(await self.socket.recv())
        if frame["t"] == "fact":
            self.facts.append(frame)
        if frame["t"] == "facts":
            self.facts += frame["facts"]
        return frame

    async def until(self, kind: str) -> Frame:
        """The next frame of this kind."""
        while (frame := await self.read())["t"] != kind:
            pass
        return frame

    async def ask(self, frame: Frame) -> Frame:
        """Sends a request and waits for its reply, or for the error that it could not be read."""
        number = next(self.ids)
        await self.send({**frame, "id": number})
        while True:
            answer = await self.read()
            if answer["t"] == "error" or (answer["t"] == "reply" and answer["id"] == number):
                return answer

    async def close_code(self) -> int:
        """Reads to the end; the code that the server closed with."""
        with suppress(ConnectionClosed):
            while True:
                await self.read()
        code = self.socket.close_code
        assert code is not None
        return code


@asynccontextmanager
async def dial(service: Place, path: str, *, origin: str | None = "own") -> AsyncIterator[Wire]:
    """An open socket, before any hello. `origin` is our own unless another, or None, is given."""
    address = service.origin.replace("http", "ws", 1) + path
    origin = service.origin if origin == "own" else origin
    async with connect(address, origin=origin, proxy=None, max_size=None) as socket:  # type: ignore[arg-type]
        yield Wire(socket)


@asynccontextmanager
async def open_visitor(
    service: Place,
    site: str,
    *,
    token: str | None = None,
    resume: Frame | None = None,
    identity: str | None = None,
    page: Frame | None = None,
) -> AsyncIterator[Wire]:
    """A greeted visitor."""
    ticket = (await frame_boot(service, site))["ticket"]
    async with dial(service, "/ws/visitor") as wire:
        hello = {"t": "hello", "v": 1, "site": site, "ticket": ticket, "tab": "t"}
        more = {"token": token, "resume": resume, "identity": identity, "page": page}
        await wire.send(hello | {name: value for name, value in more.items() if value})
        wire.welcome = await wire.until("welcome")
        yield wire


async def open_chat(wire: Wire, *, name: str | None = None) -> str:
    """The id of the visitor's conversation."""
    form = {"form": {"name": name}} if name else {}
    reply = await wire.ask({"t": "open", "client_id": "open", **form})
    conversation: str = reply["ok"]["conversation"]
    return conversation


async def site_key(service: Place) -> str:
    """The key in the demo shop's pages."""
    host = service.shop.removeprefix("http://")
    async with httpx2.AsyncClient(trust_env=False) as client:
        page = await client.get(service.origin, headers={"Host": host})
    found = re.search(r'data-site="([^"]+)"', page.text)
    assert found is not None
    return found[1]


async def frame_boot(service: Place, site: str) -> Frame:
    """What the panel's page carries; fails when there is no such site."""
    async with httpx2.AsyncClient(base_url=service.origin, trust_env=False) as client:
        return boot_of((await client.get("/frame", params={"site": site})).text)


@dataclass
class Staff:
    """A signed-in agent without a browser."""

    client: httpx2.AsyncClient
    boot: Frame

    async def ticket(self) -> str:
        ticket: str = (await self.post("/api/tickets"))["ticket"]
        return ticket

    async def get(self, path: str) -> Frame:
        return await self._ask("GET", path)

    async def post(self, path: str, body: Frame | None = None) -> Frame:
        return await self._ask("POST", path, json=body or {})

    async def put(self, path: str, body: Frame) -> Frame:
        return await self._ask("PUT", path, json=body)

    async def patch(self, path: str, body: Frame) -> Frame:
        return await self._ask("PATCH", path, json=body)

    async def _ask(self, method: str, path: str, **more: Any) -> Frame:
        answer = await self.client.request(method, path, **more)
        assert answer.is_success, answer.text
        found: Frame = answer.json()
        return found


@asynccontextmanager
async def open_staff(service: Place, email: str) -> AsyncIterator[Staff]:
    own = {"Origin": service.origin, "Sec-Fetch-Site": "same-origin"}
    async with httpx2.AsyncClient(base_url=service.origin, headers=own, trust_env=False) as client:
        typed = {"email": email, "password": PASSWORD, "next": "", "workspace": ""}
        answer = await client.post("/agent/sign-in", data=typed)
        assert answer.status_code == 303, answer.text
        boot = boot_of((await client.get("/agent/")).text)
        client.headers["X-CSRF-Token"] = boot["csrf"]
        yield Staff(client, boot)


@asynccontextmanager
async def open_agent(service: Place, email: str) -> AsyncIterator[Wire]:
    """A greeted agent."""
    async with open_staff(service, email) as staff, dial(service, "/ws/agent") as wire:
        await wire.send({"t": "hello", "v": 1, "ticket": await staff.ticket(), "tab": "t"})
        wire.welcome = await wire.until("welcome")
        yield wire


def boot_of(page: str) -> Frame:
    found = re.search(r'<script[^>]*id="boot"[^>]*>([^<]*)</script>', page)
    assert found is not None, page[:500]
    boot: Frame = json.loads(found[1])
    return boot
