"""Visitors whose browser refuses storage to frames of other sites go on in their chat."""

import pytest
from playwright.async_api import Page, expect

from tests.support.browser import Browsers, open_person
from tests.support.browser_visitor import Widget
from tests.support.hostile import Hosts

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

KEPT = "({ ...localStorage })"
# As browsers do that refuse a frame its cookies too.
NO_COOKIES = """
if (window !== top)
  Object.defineProperty(Document.prototype, "cookie", {
    get() { throw new DOMException("no", "SecurityError"); },
    set() { throw new DOMException("no", "SecurityError"); },
  });
"""


def page_at(hosts: Hosts, name: str) -> str:
    hosts.show(hosts.tag(), path="/continuity")
    return hosts.website.origin(name) + "/continuity"


async def write(page: Page, text: str) -> Widget:
    widget = Widget(page)
    await widget.open()
    assert await widget.storage() == "SecurityError"
    await widget.say(text)
    await expect(widget.status()).to_have_text(widget.t("sent"))
    return widget


async def test_the_chat_goes_on_on_another_sub_domain_and_the_page_holds_no_key_to_it(
    browsers: Browsers, hosts: Hosts
) -> None:
    async with open_person(browsers.blocking) as person:
        page = await person.page()
        await page.goto(page_at(hosts, "lamps"))
        await write(page, "Begun on the shop")
        assert await page.evaluate(KEPT) == {f"chat-widget.{hosts.keys[0]}": "1"}
        elsewhere = await person.page()
        await elsewhere.goto(page_at(hosts, "help.lamps"))
        there = Widget(elsewhere)
        await there.open()
        await expect(there.message("Begun on the shop")).to_be_visible()
        assert await elsewhere.evaluate("document.cookie") == ""


async def test_another_site_with_the_same_chat_learns_nothing_of_it(
    browsers: Browsers, hosts: Hosts
) -> None:
    async with open_person(browsers.blocking) as person:
        page = await person.page()
        await page.goto(page_at(hosts, "lamps"))
        await write(page, "Only for lamps")
        await page.goto(page_at(hosts, "chairs"))
        there = Widget(page)
        await there.open()
        await expect(there.texts()).to_have_count(0)


async def test_after_reset_nothing_is_left_on_any_sub_domain(
    browsers: Browsers, hosts: Hosts
) -> None:
    async with open_person(browsers.blocking) as person:
        page = await person.page()
        await page.goto(page_at(hosts, "lamps"))
        await write(page, "Signed out after this")
        async with page.expect_response("**/frame/leavings"):
            await page.evaluate("ChatWidget('reset')")
        assert await person.context.cookies() == []
        await page.goto(page_at(hosts, "help.lamps"))
        there = Widget(page)
        await there.open()
        await expect(there.texts()).to_have_count(0)


async def test_a_reset_where_the_chat_was_never_used_reaches_the_other_sub_domains(
    browsers: Browsers, hosts: Hosts
) -> None:
    async with open_person(browsers.blocking) as person:
        page = await person.page()
        await page.goto(page_at(hosts, "lamps"))
        await write(page, "Signed out elsewhere")
        await page.goto(page_at(hosts, "help.lamps"))
        await expect(Widget(page).launcher).to_be_visible()
        async with page.expect_response("**/frame/leavings"):
            await page.evaluate("ChatWidget('reset')")
        await page.goto(page_at(hosts, "lamps"))
        there = Widget(page)
        await expect(there.composer).to_be_visible()  # the panel was open on this one
        await expect(there.texts()).to_have_count(0)


async def test_where_the_frame_may_keep_nothing_at_all_the_page_keeps_the_handle(
    browsers: Browsers, hosts: Hosts
) -> None:
    async with open_person(browsers.blocking) as person:
        page = await person.page()
        await page.add_init_script(NO_COOKIES)
        await page.goto(page_at(hosts, "lamps"))
        await write(page, "Back in a minute")
        handle = (await page.evaluate(KEPT))[f"chat-widget.{hosts.keys[0]}"]
        assert len(handle) > 20
        await page.reload()
        await expect(Widget(page).message("Back in a minute")).to_be_visible()
