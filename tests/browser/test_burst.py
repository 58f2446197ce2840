"""Somebody pastes a book line by line: the console keeps up and shows all of it."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.support.browser import Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.running import run_service
from tests.support.sockets import open_chat, open_visitor, site_key

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LINES = 220
FAST = {"visitor_rate": "9999", "visitor_burst": "9999"}


async def test_hundreds_of_messages_in_seconds_are_drawn_without_an_error(
    browsers: Browsers, tmp_path: Path
) -> None:
    with run_service(tmp_path, **FAST) as service:
        site = await site_key(service)
        async with open_person(browsers.blocking) as ann, open_visitor(service, site) as vera:
            console = Console(await ann.page(), service.origin)
            chat = await open_chat(vera)
            said = {"t": "send", "conversation": chat}
            await vera.ask({**said, "client_id": "first", "text": "A book, line by line"})
            await console.sign_in("ann@teahouse.example")
            await console.row("A book, line by line").click()
            await console.take()
            for number in range(LINES):
                line = {"client_id": f"m{number}", "text": f"line {number} of the book"}
                assert "ok" in await vera.ask({**said, **line})
            await expect(console.log.get_by_text(f"line {LINES - 1} of the book")).to_be_visible()
            await expect(console.log.get_by_text("of the book")).to_have_count(LINES)
