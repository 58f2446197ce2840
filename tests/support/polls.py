"""A client without sockets: polls by real HTTP, and remembers what a browser would remember."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx2

from tests.support.sockets import Frame, Place, Staff, frame_boot, open_staff


@dataclass
class Poller:
    """`hello` is made anew for each poll from what is held."""

    client: httpx2.AsyncClient
    path: str
    tab: str = "t"
    site: str = ""
    staff: Staff | None = None
    ticket: str = ""
    token: str | None = None
    resume: Frame | None = None
    threads: dict[str, int] = field(default_factory=dict)
    welcome: Frame = field(default_factory=dict)
    facts: list[Frame] = field(default_factory=list)
    ids: "count[int]" = field(default_factory=lambda: count(1))

    async def poll(self, *frames: Frame, hold: bool = False, **changes: Any) -> Frame:
        """The answer's body; welcome, facts and token are kept."""
        answer = await self.post(*frames, hold=hold, **changes)
        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        body: Frame = answer.json()
        for frame in body["frames"]:
            self._keep(frame)
        return body

    async def post(
        self, *frames: Frame, hold: bool = False, headers: Frame | None = None, **changes: Any
    ) -> httpx2.Response:
        hello = {**await self._hello(), **changes}
        body = {"hello": hello, "frames": list(frames), "hold": hold}
        return await self.client.post(self.path, json=body, headers=headers, timeout=60)

    async def ask(self, frame: Frame) -> Frame:
        """The reply to one request."""
        number = next(self.ids)
        body = await self.poll({**frame, "id": number})
        replies = [f for f in body["frames"] if f["t"] == "reply" and f["id"] == number]
        assert len(replies) == 1, body
        return replies[0]

    def texts(self) -> list[str]:
        return [fact["text"] for fact in self.facts if "text" in fact]

    async def _hello(self) -> Frame:
        ticket = await self.staff.ticket() if self.staff else self.ticket
        known = {"site": self.site, "token": self.token, "resume": self.resume}
        known["threads"] = self.threads
        hello = {"t": "hello", "v": 1, "ticket": ticket, "tab": self.tab}
        return hello | {name: value for name, value in known.items() if value}

    def _keep(self, frame: Frame) -> None:
        if frame["t"] == "welcome":
            self.welcome = frame
            self.token = frame.get("token", self.token)
        if frame["t"] == "inbox":
            self.resume = {"epoch": self.welcome["epoch"], "position": frame["position"]}
        for fact in frame["facts"] if frame["t"] == "facts" else [frame]:
            if fact["t"] == "fact":
                self._take(fact)

    def _take(self, fact: Frame) -> None:
        if any(f["seq"] == fact["seq"] for f in self.facts):
            return
        self.facts.append(fact)
        if self.staff:
            self.threads[fact["conversation"]] = fact["seq"]
            return
        named = {"conversation": fact["conversation"], "seq": fact["seq"]}
        self.resume = named | {"epoch": self.welcome["epoch"]}


@asynccontextmanager
async def poll_visitor(service: Place, site: str, *, tab: str = "t") -> AsyncIterator[Poller]:
    """A visitor who has been greeted once."""
    own = {"Origin": service.origin, "Sec-Fetch-Site": "same-origin"}
    ticket = (await frame_boot(service, site))["ticket"]
    async with httpx2.AsyncClient(base_url=service.origin, headers=own, trust_env=False) as client:
        poller = Poller(client, "/poll/visitor", tab=tab, site=site, ticket=ticket)
        await poller.poll()
        yield poller


@asynccontextmanager
async def poll_agent(service: Place, email: str) -> AsyncIterator[Poller]:
    """An agent who has been greeted once."""
    async with open_staff(service, email) as staff:
        poller = Poller(staff.client, "/poll/agent", staff=staff)
        await poller.poll()
        yield poller
