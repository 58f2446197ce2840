"""A visitor and an agent in the middle of a chat, who come back to whatever serves it then."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.support.running import Running
from tests.support.sockets import Frame, Staff, Wire, dial, open_chat, open_visitor, site_key

ANN = "ann@teahouse.example"


class Vera:
    """A visitor's client: keeps who she is, her conversation, and what she has seen of it."""

    def __init__(self, wire: Wire, chat: str, site: str) -> None:
        self.site, self.chat = site, chat
        self.token = wire.welcome["token"]
        self.epoch = wire.welcome["epoch"]
        self.facts: list[Frame] = []
        self.wire = wire

    async def say(self, text: str, client_id: str) -> Frame:
        frame = {"t": "send", "conversation": self.chat, "client_id": client_id, "text": text}
        answer = await self.wire.ask(frame)
        assert "ok" in answer, answer
        self.take()
        ok: Frame = answer["ok"]
        return ok

    def take(self) -> None:
        """Its own screen: what follows without a hole."""
        for fact in self.wire.facts:
            if fact["seq"] == len(self.facts) + 1:
                self.facts.append(fact)

    async def until(self, text: str) -> None:
        while text not in self.texts:
            await self.wire.read()
            self.take()

    @property
    def texts(self) -> list[str]:
        return [fact["text"] for fact in self.facts if fact.get("text")]

    @asynccontextmanager
    async def back(self, service: Running) -> AsyncIterator[None]:
        """Comes again with what she holds; she is told nothing twice."""
        self.take()
        resume = {"conversation": self.chat, "epoch": self.epoch, "seq": len(self.facts)}
        async with open_visitor(service, self.site, token=self.token, resume=resume) as wire:
            assert wire.welcome["epoch"] == self.epoch
            assert wire.welcome["conversation"]["id"] == self.chat
            self.wire = wire
            yield


@asynccontextmanager
async def arriving(service: Running) -> AsyncIterator[Vera]:
    site = await site_key(service)
    async with open_visitor(service, site) as wire:
        yield Vera(wire, await open_chat(wire), site)


@asynccontextmanager
async def console(service: Running, staff: Staff) -> AsyncIterator[Wire]:
    """Ann's open console comes back, with the session that she has."""
    staff.client.base_url = service.origin
    staff.client.headers["Origin"] = service.origin
    async with dial(service, "/ws/agent") as ann:
        await ann.send({"t": "hello", "v": 1, "ticket": await staff.ticket(), "tab": "t"})
        await ann.until("welcome")
        yield ann


async def answer(service: Running, staff: Staff, chat: str, text: str) -> None:
    async with console(service, staff) as ann:
        frame = {"t": "send", "conversation": chat, "client_id": text, "text": text}
        assert "ok" in await ann.ask(frame)
