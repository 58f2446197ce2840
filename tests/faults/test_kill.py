"""kill -9 in the middle of chats: what was acknowledged is there once, and browsers carry on."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.support.browser import open_browsers, open_person, require_browser_and_built_files
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.flow import QUICK, flowing, stored_messages
from tests.support.running import Running, run_service

pytestmark = pytest.mark.slow

# The first minute's cap between two tries is 5 s; a busy machine needs some time besides.
BACK_MS = 20_000
# What Chromium itself writes to its console while nobody answers.
NOBODY_THERE = ("ERR_CONNECTION", "WebSocket connection", "ERR_SOCKET", "ERR_EMPTY_RESPONSE")


async def test_what_was_acknowledged_is_stored_once_and_in_order(tmp_path: Path) -> None:
    with run_service(tmp_path, **QUICK) as service:
        async with flowing(service) as flow:
            await flow.kill()
            await flow.start()
    await flow.check()


@pytest.mark.browser
async def test_two_browsers_carry_on_by_themselves(tmp_path: Path) -> None:
    require_browser_and_built_files()
    with run_service(tmp_path, **QUICK) as service:
        async with (
            open_browsers() as browsers,
            open_person(browsers.blocking, forgives=NOBODY_THERE) as visitor,
            open_person(browsers.blocking, forgives=NOBODY_THERE) as agent,
        ):
            console = Console(await agent.page(), service.origin)
            widget = Widget(await visitor.page())
            await meet(console, widget, service)
            async with flowing(service) as flow:
                await flow.kill()
                await write_into_the_dark(console, widget)
                await flow.start()
            await find_each_other(console, widget)
    await flow.check()
    said = ["Is anybody there?", "I am.", "Are you still there?", "Yes, I am."]
    stored = [text for text, _ in await stored_messages(service)]
    assert [text for text in stored if text in said] in (said, [*said[:2], said[3], said[2]])


async def meet(console: Console, widget: Widget, service: Running) -> None:
    await console.sign_in("ann@teahouse.example")
    await widget.page.goto(service.shop)
    await widget.open()
    await widget.say("Is anybody there?")
    await console.open("Is anybody there?")
    await console.take()
    await console.answer("I am.")
    await expect(widget.message("I am.")).to_be_visible()


async def write_into_the_dark(console: Console, widget: Widget) -> None:
    """Both write while nobody listens; neither screen says "sent"."""
    await widget.say("Are you still there?")
    await expect(widget.notice).to_contain_text(widget.t("link.reconnecting_unsent", count=1))
    await expect(widget.status()).to_have_text(widget.t("waiting"))
    await console.reply.fill("Yes, I am.")
    await console.reply.press("Enter")
    await expect(console.log).to_contain_text(console.t("thread.waiting"))


async def find_each_other(console: Console, widget: Widget) -> None:
    """Nobody touches anything; every message stands once on both screens."""
    await expect(widget.message("Yes, I am.")).to_be_visible(timeout=BACK_MS)
    await expect(console.log).to_contain_text("Are you still there?", timeout=BACK_MS)
    await expect(widget.notice).to_have_count(0)
    await expect(widget.texts()).to_have_count(4)
    await expect(console.log).not_to_contain_text(console.t("thread.waiting"))
    for text in ("Are you still there?", "Yes, I am."):
        await expect(console.log.get_by_text(text, exact=True)).to_have_count(1)
