"""Visitors who never read, over real sockets: what they are sent waits in the store, not in memory;
nobody waits for them, and after a while their place is free."""

import asyncio
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import pytest

from chatserver.config import Settings
from chatserver.serving import bind
from tests.bench.wire import Socket, connect
from tests.support.running import Running, run_service
from tests.support.sockets import Wire, frame_boot, open_agent, open_chat, open_visitor, site_key

ANN = "ann@teahouse.example"
DEAF = 6
# 12 KB each: all of them are far more than a connection may hold back, and the kernel with it.
LONG = "慢" * 4_000
EACH = 80
FRAME_BYTES = 12_500
OUTBOX_BYTES = Settings().outbox_bytes
TOKEN = "a-token-for-the-metrics"
QUICK = {
    "agent_rate": "100000",
    "agent_burst": "100000",
    "visitor_rate": "100000",
    "visitor_burst": "100000",
    "metrics_token": TOKEN,
}
SMALL_BUFFER = 4096
ESTABLISHED = "01"
PATIENCE = 60.0


@pytest.mark.slow
async def test_what_nobody_reads_waits_in_the_store_and_delays_nobody(tmp_path: Path) -> None:
    with run_service(tmp_path, **QUICK, slow_seconds="1000") as service:
        async with crowded(service) as (agent, reader, deaf):
            for number in range(EACH):
                for one in deaf:
                    await write(agent, one, f"{one} {number}")
            await write(agent, await open_chat(reader), "last")
            while (await reader.until("fact"))["kind"] != "message.sent":
                pass
            held = await number_of(service, "outbox_bytes")
            assert await number_of(service, "connections_behind") == DEAF
        assert OUTBOX_BYTES < held <= DEAF * (OUTBOX_BYTES + FRAME_BYTES)


@pytest.mark.slow
async def test_who_never_reads_is_cut_off_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with run_service(tmp_path, **QUICK, slow_seconds="1") as service:
        async with crowded(service) as (agent, reader, deaf):
            for number in range(EACH):
                for one in deaf:
                    await write(agent, one, f"{one} {number}")
            async with asyncio.timeout(PATIENCE):
                await until_gone(service)
            assert await number_of(service, "outbox_bytes") == 0


async def test_the_kernel_keeps_little_for_who_never_reads() -> None:
    """What is set on the listening socket holds for every one that it accepts. The kernel counts
    its own books too, and says twice what was asked for."""
    with bind(Settings(port=0)) as listening, socket.socket() as client:
        listening.listen()
        listening.setblocking(True)
        client.connect(listening.getsockname())
        accepted, _ = listening.accept()
        with accepted:
            size = accepted.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
    assert size <= 2 * 65536


@asynccontextmanager
async def crowded(service: Running) -> AsyncIterator[tuple[Wire, Wire, list[str]]]:
    """An agent, a visitor who reads, and the chats of those who do not."""
    site = await site_key(service)
    async with open_agent(service, ANN) as agent, open_visitor(service, site) as reader:
        await open_chat(reader)
        deaf = [await open_deaf(service, site) for _ in range(DEAF)]
        try:
            yield agent, reader, [chat for _, chat in deaf]
        finally:
            for one, _ in deaf:
                one.transport.abort()
            await asyncio.sleep(0)


async def write(agent: Wire, conversation: str, client_id: str) -> None:
    message = {"t": "send", "conversation": conversation, "client_id": client_id, "text": LONG}
    reply = await agent.ask(message)
    assert "ok" in reply, reply


async def open_deaf(service: Running, site: str) -> tuple[Socket, str]:
    """A visitor who reads nothing from now on, and the conversation."""
    ticket = (await frame_boot(service, site))["ticket"]
    deaf = await connect(service.port, "/ws/visitor", 0)
    hello = {"t": "hello", "v": 1, "site": site, "ticket": ticket, "tab": "deaf"}
    await deaf.ask(hello, "welcome")
    reply = await deaf.ask({"t": "open", "id": 1, "client_id": "open"}, "reply")
    sock = deaf.transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BUFFER)
    deaf.transport.pause_reading()
    return deaf, reply["ok"]["conversation"]


async def until_gone(service: Running) -> None:
    """Until only who reads is there: in our books, and for the kernel."""
    while await number_of(service, 'connections{audience="visitor"}') > 1:
        pass
    while sys.platform == "linux" and full_queues(service.port):
        await asyncio.to_thread(full_queues, service.port)


async def number_of(service: Running, name: str) -> float:
    heads = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx2.AsyncClient(trust_env=False, headers=heads) as client:
        text = (await client.get(f"{service.origin}/metrics")).text
    found = re.search(rf"^chatserver_{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found is not None, text
    return float(found[1])


def full_queues(port: int) -> int:
    """Connections of this port on which something waits to be taken."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    own = [row for row in rows if row[1].endswith(f":{port:04X}") and row[3] == ESTABLISHED]
    return sum(1 for row in own if not row[4].startswith("00000000"))
