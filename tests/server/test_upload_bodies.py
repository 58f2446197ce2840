"""Bodies as no client of ours sends them, over real sockets: endless, cut off, larger than said.
What the service holds of them does not grow, and others are served meanwhile."""

import asyncio
import json
from pathlib import Path

import httpx2
import pytest

from tests.support.running import run_service
from tests.support.sockets import open_visitor, site_key
from tests.support.uploads import Uploader

MEGABYTE = 1_000_000
LARGE = 20 * MEGABYTE


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with run_service(tmp_path_factory.mktemp("bodies"), upload_spare_bytes="0") as running:
        yield running


@pytest.fixture
async def token(service):
    async with open_visitor(service, await site_key(service)) as wire:
        return wire.welcome["token"]


@pytest.fixture
async def visitor(service, token):
    headers = own(service) | {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(
        base_url=service.origin, headers=headers, trust_env=False, timeout=100
    ) as client:
        yield Uploader(client, "visitor")


def own(service):
    return {"Origin": service.origin, "Sec-Fetch-Site": "same-origin"}


class Line:
    """A connection on which one writes what one likes."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer

    async def ask(self, token, service, *headers):
        """The beginning of an upload."""
        lines = [
            "POST /uploads/visitor HTTP/1.1",
            f"Host: 127.0.0.1:{service.port}",
            *(f"{name}: {value}" for name, value in own(service).items()),
            f"Authorization: Bearer {token}",
            "Content-Type: application/octet-stream",
            "X-File-Name: a.txt",
            "X-Upload-Id: line",
            *headers,
        ]
        self.writer.write("\r\n".join([*lines, "", ""]).encode())
        await self.writer.drain()

    async def answer(self):
        """Status and error code."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        status = int(head.split()[1])
        found = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
        body = await self.reader.readexactly(int(found[0].split()[1])) if found else b""
        try:
            return status, json.loads(body).get("error", {}).get("code", "")
        except ValueError:
            return status, ""

    def close(self):
        self.writer.close()


@pytest.fixture
async def line(service):
    opened = Line(*await asyncio.open_connection("127.0.0.1", service.port))
    yield opened
    opened.close()


def memory_kib(service) -> int:
    """What the process holds of this machine's memory."""
    status = Path(f"/proc/{service.pid}/status").read_text()
    return int(next(row for row in status.splitlines() if row.startswith("VmRSS")).split()[1])


def left_behind(service):
    return [path for path in (service.folder / "uploads").rglob("*") if path.is_file()]


async def test_a_body_that_is_too_large_is_refused_before_it_comes(line, token, service):
    await line.ask(token, service, f"Content-Length: {LARGE * 1000}")
    assert await line.answer() == (413, "file_too_large")


async def test_a_body_without_a_length_is_refused_before_it_comes(line, token, service):
    await line.ask(token, service, "Transfer-Encoding: chunked")
    assert await line.answer() == (411, "length_required")


@pytest.mark.parametrize(
    "headers",
    [
        ["Content-Length: -1"],
        ["Content-Length: 10", "Content-Length: 20"],
        ["Content-Length: 10", "Transfer-Encoding: chunked"],
        ["Content-Length: 0x10"],
        ["Content-Length: " + "9" * 30],
    ],
)
async def test_a_length_that_is_none_ends_at_the_door(line, token, service, headers):
    await line.ask(token, service, *headers)
    assert (await line.answer())[0] in (400, 413)


async def test_an_endless_body_costs_nothing(line, token, service):
    """Whoever is refused and goes on sending sends into nothing."""
    await line.ask(token, service, "Transfer-Encoding: chunked")
    assert await line.answer() == (411, "length_required")
    before, piece = memory_kib(service), b"10000\r\n" + b"a" * 65536 + b"\r\n"
    for _ in range(1000):
        line.writer.write(piece)
        await line.writer.drain()
    assert memory_kib(service) - before < 20_000


async def test_large_files_pass_through_without_being_held(service, token, visitor):
    """Eight at a time, of the largest size: 160 MB."""
    content = b"a" * LARGE
    await visitor.post(b"a" * MEGABYTE, "warm.txt")
    before, most, health = memory_kib(service), 0, []

    async def watch():
        nonlocal most
        async with httpx2.AsyncClient(base_url=service.origin, trust_env=False) as client:
            while True:
                most = max(most, memory_kib(service))
                health.append((await client.get("/healthz")).status_code)
                await asyncio.sleep(0)

    async with asyncio.TaskGroup() as group:
        watching = group.create_task(watch())
        answers = await asyncio.gather(*(visitor.post(content, "a.txt") for _ in range(8)))
        watching.cancel()
    assert {answer.status_code for answer in answers} == {201}
    assert most - before < 40_000, f"{most - before} KiB more"
    assert set(health) == {200}


async def test_whoever_hangs_up_leaves_nothing_behind(line, token, service):
    before = len(left_behind(service))
    await line.ask(token, service, f"Content-Length: {LARGE}")
    line.writer.write(b"a" * MEGABYTE)
    await line.writer.drain()
    while len(left_behind(service)) == before:  # noqa: ASYNC110 - the disk tells nobody
        await asyncio.sleep(0.01)
    line.close()
    while len(left_behind(service)) > before:  # noqa: ASYNC110 - the disk tells nobody
        await asyncio.sleep(0.01)


async def test_the_same_file_is_taken_after_a_broken_try(line, token, service, visitor):
    await line.ask(token, service, f"Content-Length: {LARGE}")
    line.writer.write(b"a" * MEGABYTE)
    await line.writer.drain()
    line.close()
    answer = await visitor.post(b"a" * MEGABYTE, "a.txt", upload_id="line")
    assert (answer.status_code, answer.json()["file"]["bytes"]) == (201, MEGABYTE)


async def test_more_bytes_than_announced_are_the_next_request_and_no_good_one(line, token, service):
    await line.ask(token, service, "Content-Length: 5")
    line.writer.write(b"hello" + b"GET /evil HTTP/1.1\r\n\r\n")
    await line.writer.drain()
    status, _ = await line.answer()
    assert status in (200, 201)
    assert (await line.answer())[0] in (400, 404)
