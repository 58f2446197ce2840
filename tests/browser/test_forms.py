"""The forms of a site, before a chat and where nobody is, as people meet them."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import WebSocketRoute, expect

from tests.support.browser import PHONE, Browsers, open_person, require_browser_and_built_files
from tests.support.browser_axe import violations
from tests.support.browser_visitor import Widget
from tests.support.browser_words import Words
from tests.support.running import Running, run_service
from tests.support.sockets import Frame, Staff, open_staff, site_key

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OWNER = "olivia@teahouse.example"
FORMS = {
    "before": True,
    "offline": False,
    "fields": [
        {"key": "name", "kind": "name"},
        {"key": "email", "kind": "email", "required": True},
        {"key": "topic", "kind": "topic", "required": True, "options": ["Orders", "Returns"]},
    ],
    "consent": {"text": "I agree", "link": "https://shop.example/privacy", "version": "1"},
}


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A tea shop of this module alone, in which nobody is: its forms would be in others' way."""
    require_browser_and_built_files()
    with run_service(tmp_path_factory.mktemp("identity")) as service:
        yield service


async def shop_of(house: Running, owner: Staff) -> Frame:
    key = await site_key(house)
    (site,) = [s for s in (await owner.get("/api/sites"))["items"] if s["key"] == key]
    return site


@asynccontextmanager
async def asking(house: Running, **forms: Any) -> AsyncIterator[None]:
    """The shop asks for this, and for nothing afterwards."""
    async with open_staff(house, OWNER) as owner:
        path = f"/api/sites/{(await shop_of(house, owner))['id']}/widget"

        async def put(section: Frame) -> None:
            version = (await owner.get(path))["version"]
            await owner.patch(path, {"version": version, "forms": section})

        await put(forms)
        yield
        await put({"before": False, "offline": False})


async def come(widget: Widget, house: Running) -> None:
    await widget.page.goto(house.shop)
    await widget.launcher.click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_a_form_says_what_is_wrong_in_the_visitors_language(
    browsers: Browsers, house: Running, scheme: str
) -> None:
    words = Words("forms", "zh-CN")
    looks = PHONE | {"locale": "zh-CN", "color_scheme": scheme, "reduced_motion": "reduce"}
    async with asking(house, **FORMS), open_person(browsers.allowing, **looks) as visitor:
        widget = Widget(await visitor.page(), "zh-CN")
        await come(widget, house)
        form = widget.panel.get_by_role("form", name=words("before"))
        await form.get_by_role("button", name=words("start")).click()
        email = form.get_by_role("textbox", name=words("email"))
        await expect(email).to_be_focused()
        await expect(email).to_have_accessible_description(words("wrong.required"))
        await expect(form.get_by_text(words("wrong.consent"))).to_be_visible()
        assert await violations(widget.page) == []
        await email.fill("vera@shop.example")
        await form.get_by_role("combobox").select_option("Returns")
        await widget.page.reload()
        await expect(email).to_have_value("vera@shop.example")
        await form.get_by_role("checkbox").check()
        await form.get_by_role("button", name=words("start")).click()
        await expect(widget.composer).to_be_visible()
        await widget.say("Hello")
        await widget.page.reload()
        await expect(widget.log).to_contain_text("Hello")
        await expect(form).to_have_count(0)


async def test_nothing_to_write_in_shows_before_a_form(browsers: Browsers, house: Running) -> None:
    """The line is slow: the panel is there long before the server has said what it asks for."""
    words = Words("forms", "en")
    async with asking(house, **FORMS), open_person(browsers.blocking) as visitor:
        dialled, answers = asyncio.Event(), asyncio.Event()

        async def hold(line: WebSocketRoute) -> None:
            dialled.set()
            await answers.wait()
            line.connect_to_server()

        await visitor.context.route_web_socket(re.compile("/ws/visitor"), hold)
        widget = Widget(await visitor.page())
        await come(widget, house)
        await expect(widget.panel.get_by_role("log")).to_be_visible()
        await dialled.wait()
        await expect(widget.composer).to_have_count(0)
        answers.set()
        await expect(widget.panel.get_by_role("form", name=words("before"))).to_be_visible()


async def test_a_message_is_left_where_nobody_is(browsers: Browsers, house: Running) -> None:
    words = Words("forms", "en")
    async with (
        asking(house, before=False, offline=True, consent={"text": "", "link": "", "version": ""}),
        open_person(browsers.blocking) as visitor,
    ):
        widget = Widget(await visitor.page())
        await come(widget, house)
        form = widget.panel.get_by_role("form", name=words("offline"))
        await expect(form.get_by_text(words("offline.here"))).to_be_visible()
        await form.get_by_role("textbox", name=words("email")).fill("late@shop.example")
        await form.get_by_role("textbox", name=words("message")).fill("Please call me")
        await form.get_by_role("button", name=words("submit")).click()
        await expect(widget.log).to_contain_text("Please call me")
