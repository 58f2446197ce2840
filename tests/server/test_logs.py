"""A line in the log says which request or connection it belongs to, and is one line."""

import asyncio
import json
import logging
from collections import Counter

import httpx2
import pytest
from starlette.types import ASGIApp

from chatserver.ids import RandomIds
from chatserver.web.edge import Edge, UnknownErrors
from chatserver.web.pages import Pages
from chatserver.web.static import Assets
from tests.support.logs import logging_as_json
from tests.support.running import run_service
from tests.support.sockets import dial, frame_boot, site_key


@pytest.fixture
def logged():
    """The lines so far."""
    with logging_as_json() as lines:
        yield lines


def guarded(app: ASGIApp) -> ASGIApp:
    return UnknownErrors(app, edge=Edge(Pages(Assets()), Counter()), ids=RandomIds())


async def test_every_line_of_a_request_has_its_id(logged):
    async def fails(scope, _receive, _send):
        logging.getLogger("chatserver.test").info("on the way")
        await asyncio.to_thread(logging.getLogger("chatserver.test").info, "in a thread")
        raise RuntimeError

    transport = httpx2.ASGITransport(app=guarded(fails), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        ids = [(await client.get("/api/x")).headers["x-request-id"] for _ in range(2)]
    lines = logged()
    told = [(line["event"], line["request"]) for line in lines]
    events = ("on the way", "in a thread", "request failed")
    assert told == [(event, one) for one in ids for event in events]


async def test_every_line_of_a_connection_has_its_id(tmp_path):
    with run_service(tmp_path, log_format="json") as service:
        site = await site_key(service)
        hello = {"t": "hello", "v": 9, "site": site, "tab": "t", "later": 1}
        ticket = (await frame_boot(service, site))["ticket"]
        async with dial(service, "/ws/visitor") as wire:
            await wire.send({**hello, "ticket": ticket})
            session = (await wire.until("welcome"))["session"]
        service.wait_for("newer client")
    (line,) = [json.loads(line) for line in service.log.splitlines() if "newer client" in line]
    assert line["connection"] == session


def test_what_is_logged_stays_one_line(logged):
    """Whatever stands in a value (security I04)."""
    nasty = "a\nb\r\x1b[31m\u2028c"
    logging.getLogger("chatserver.test").warning("odd", extra={"value": nasty})
    (line,) = logged()
    assert line["value"] == nasty


def test_other_programs_speak_only_when_something_is_wrong(logged):
    """Below that they print what people said."""
    logging.getLogger("chatserver").setLevel("DEBUG")
    for name in ("sqlalchemy.engine", "websockets.server", "uvicorn.error", "asyncio"):
        logging.getLogger(name).info("words")
        assert not logging.getLogger(name).isEnabledFor(logging.INFO)
    logging.getLogger("chatserver.test").debug("ours")
    assert [line["event"] for line in logged()] == ["ours"]
