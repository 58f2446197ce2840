"""The menu of the panel: earlier chats to read, the present one to keep."""

from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.support.browser import PHONE, Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_axe import violations
from tests.support.browser_visitor import Widget
from tests.support.browser_words import Words
from tests.support.running import Running

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]

ANN = "ann@teahouse.example"


async def test_a_visitor_keeps_the_chat_and_reads_it_again(
    browsers: Browsers, demo: Running, tmp_path: Path
) -> None:
    t = Words("after", "zh-CN")
    async with (
        open_person(browsers.allowing, locale="zh-CN", accept_downloads=True, **PHONE) as visitor,
        open_person(browsers.blocking) as agent,
    ):
        console = Console(await agent.page(), demo.origin)
        await console.sign_in(ANN)
        widget = Widget(await visitor.page(), "zh-CN")
        await widget.page.goto(demo.shop)
        await widget.open()
        menu = widget.panel.get_by_role("button", name=widget.t("menu"), exact=True)
        await widget.say("请问有六安瓜片吗？")
        await expect(console.row("六安瓜片")).to_be_visible()
        await console.open("六安瓜片")
        await console.take()
        await console.answer("有的，六安瓜片刚到")
        await console.add_note("老顾客")
        await expect(widget.message("刚到")).to_be_visible()
        await keeps(widget, menu, t, tmp_path)
        await menu.click()
        await reads(widget, t)
        await widget.say("那来半斤")
        await expect(console.log).to_contain_text("那来半斤")


async def keeps(widget: Widget, menu: Locator, t: Words, folder: Path) -> None:
    """As text and as a page, without the note."""
    for key, ending in (("menu.text", "txt"), ("menu.page", "html")):
        await menu.click()
        async with widget.page.expect_download() as download:
            await widget.panel.get_by_role("button", name=t(key)).click()
        saved = folder / f"chat.{ending}"
        await (await download.value).save_as(saved)
        text = saved.read_text(encoding="utf-8")
        assert "六安瓜片刚到" in text
        assert "老顾客" not in text


async def reads(widget: Widget, t: Words) -> None:
    """The list, the chat, and back to where one writes."""
    assert await violations(widget.frame()) == []
    await widget.panel.get_by_role("button", name=t("menu.past")).click()
    listed = widget.panel.get_by_role("region", name=t("past.title"))
    await listed.get_by_role("listitem").get_by_role("button").click()
    await expect(widget.panel.locator(".past-text", has_text="刚到")).to_be_visible()
    assert await violations(widget.frame()) == []
    await widget.panel.get_by_role("button", name=t("past.continue")).click()
