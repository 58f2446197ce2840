"""One visitor who writes 1,000 messages a second and listens to nobody: the limit stops it, and
what was acknowledged in between is kept as everybody's."""

import asyncio
import json
from typing import TYPE_CHECKING

from tests.bench.wire import encode
from tests.prove.client.visitor import LANE
from tests.prove.history import Event
from tests.prove_long.lines import Dialled, open_socket
from tests.prove_long.node import Door

if TYPE_CHECKING:
    from tests.prove_long.town import Town

MESSAGES = 3_000
PER_BEAT = 20
BEAT_SECONDS = 0.02
END_SECONDS = 15.0


class Flooder:
    def __init__(self, town: "Town", name: str) -> None:
        self._town, self.name = town, name
        self.author = name
        self.tabs: list[object] = []
        self.conversation = ""
        self.refused = 0
        self.code = 0
        self.ended = asyncio.Event()
        self._welcomed = asyncio.Event()

    async def run(self, socket: Dialled, ticket: str) -> None:
        witness, site = self._town.witness, self._town.company.site
        witness.note(Event(witness.now, "join", self.name, author=self.name, kind="visitor"))
        socket.heard, socket.ended = self._heard, self._closed
        socket.send({"t": "hello", "v": 1, "site": site, "ticket": ticket, "tab": "flood"})
        socket.send({"t": "open", "id": 1, "client_id": "open"})
        await self._welcomed.wait()
        for number in range(MESSAGES):
            if self.ended.is_set():
                break
            self._write(socket, number)
            if number % PER_BEAT == PER_BEAT - 1:
                await asyncio.sleep(BEAT_SECONDS)
        try:
            async with asyncio.timeout(END_SECONDS):
                await self.ended.wait()
        except TimeoutError:
            socket.transport.close()
        # What was refused is not sent again: nobody waits for it.
        witness.note(Event(witness.now, "access", op="fail", author=self.name, seconds=30.0))

    def _write(self, socket: Dialled, number: int) -> None:
        witness = self._town.witness
        client_id = f"{self.name}:{number}"
        text = f"{self.name} floods {number}"
        witness.wrote(self.name, self.name, (client_id, LANE, text), private=False)
        frame = {"t": "send", "id": number + 2, "conversation": self.conversation}
        frame |= {"client_id": client_id, "text": text}
        socket.transport.write(encode(json.dumps(frame).encode()))

    def _heard(self, data: bytes) -> None:
        frame = json.loads(data)
        witness = self._town.witness
        if frame["t"] == "welcome":
            self.author = frame["you"]["id"]
        if frame["t"] != "reply":
            return
        if frame["id"] == 1:
            self.conversation = frame["ok"]["conversation"]
            self._welcomed.set()
        elif "ok" in frame:
            witness.acked(f"{self.name}:{frame['id'] - 2}", frame["ok"]["seq"])
        else:
            self.refused += 1

    def _closed(self, code: int) -> None:
        self.code = self.code or code
        self.ended.set()
        self._welcomed.set()


async def flood(town: "Town", door: Door) -> bool:
    """Whether the limit was met. Others are looked at by everybody's onlookers."""
    flooder = Flooder(town, f"flood{len(town.flooders)}")
    town.flooders.append(flooder)
    socket = await open_socket(door, "/ws/visitor")
    await flooder.run(socket, await town.frame_ticket())
    return flooder.refused > 0
