"""How was it? Asked after the close, answered by keyboard, seen by the agent at once and later."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.support.browser import DESKTOP, PHONE, Browsers, open_person
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


async def answered(widget: Widget, console: Console, word: str) -> None:
    """A chat in which ann has answered."""
    await widget.open()
    await widget.say(f"Where is my {word}?")
    await expect(console.row(word)).to_be_visible()
    await console.open(word)
    await console.take()
    await console.answer(f"Your {word} is on its way")
    await expect(widget.message("on its way")).to_be_visible()


def form(widget: Widget, t: Words) -> Locator:
    return widget.panel.get_by_role("form", name=t("rating.ask"))


@pytest.mark.parametrize(
    ("language", "device"), [("en", DESKTOP), ("zh-CN", PHONE)], ids=["en-desktop", "zh-phone"]
)
async def test_a_visitor_rates_by_keyboard_after_a_reload_and_changes_it(
    browsers: Browsers, demo: Running, language: str, device: dict[str, object]
) -> None:
    t, word = Words("after", language), {"en": "oolong", "zh-CN": "gaiwan"}[language]
    locale = {"en": "en-US", "zh-CN": "zh-CN"}[language]
    async with (
        open_person(browsers.allowing, locale=locale, **device) as visitor,
        open_person(browsers.blocking) as agent,
    ):
        console = Console(await agent.page(), demo.origin)
        await console.sign_in(ANN)
        widget = Widget(await visitor.page(), language)
        await widget.page.goto(demo.shop)
        await answered(widget, console, word)
        await expect(form(widget, t)).to_have_count(0)
        await console.close()
        await expect(form(widget, t)).to_be_visible()
        await score(widget.page, widget, t)
        await widget.page.reload()
        await expect(widget.panel.get_by_label(t("rating.comment"))).to_have_value("Nice cup")
        assert await violations(widget.frame()) == []
        await widget.panel.get_by_role("button", name=t("rating.send")).press("Enter")
        thanks = widget.panel.get_by_role("status").filter(has_text=t("rating.thanks"))
        await expect(thanks).to_contain_text(t("rating.score", score=4, word=t("rating.4")))
        await expect(console.log).to_contain_text("4 of 5, good · resolved · friendly · Nice cup")
        await widget.panel.get_by_role("button", name=t("rating.change")).click()
        await widget.panel.get_by_label(t("rating.score", score=2, word=t("rating.2"))).check()
        await widget.panel.get_by_role("button", name=t("rating.send")).click()
        await expect(console.log).to_contain_text("2 of 5, bad")
        await is_found(console, word)


async def score(page: Page, widget: Widget, t: Words) -> None:
    """Tab to the question, arrows to the fourth, and on through the form without a mouse."""
    first = widget.panel.get_by_label(t("rating.score", score=1, word=t("rating.1")))
    await first.focus()
    await page.keyboard.press("Space")
    for _ in range(3):
        await page.keyboard.press("ArrowRight")
    fourth = t("rating.score", score=4, word=t("rating.4"))
    await expect(widget.panel.get_by_label(fourth)).to_be_checked()
    await expect(widget.panel.locator(".rating-score").nth(3)).to_be_in_viewport(ratio=1)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await expect(widget.panel.get_by_label(t("rating.yes"), exact=True)).to_be_checked()
    for _ in range(4):
        await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await expect(widget.panel.get_by_label(t("reason.kind"), exact=True)).to_be_checked()
    await page.keyboard.press("Tab")
    await page.keyboard.type("Nice cup")


async def is_found(console: Console, word: str) -> None:
    page, t = console.page, console.t
    await console.go("transcripts")
    listed = page.get_by_role("region", name=t("transcript.list"))
    await page.get_by_role("searchbox", name=t("transcript.search")).fill(word)
    await page.get_by_role("button", name=t("transcript.filters")).click()
    await page.get_by_role("combobox", name=t("transcript.rating")).click()
    await page.get_by_role("option", name=t("transcript.rating.low")).click()
    await expect(listed.get_by_role("link")).to_have_count(1)
    await expect(listed.get_by_role("link")).to_contain_text("2/5")


async def test_an_agent_asks_during_the_chat_and_a_skip_is_for_good(
    browsers: Browsers, demo: Running
) -> None:
    t = Words("after", "en")
    async with (
        open_person(browsers.blocking) as visitor,
        open_person(browsers.blocking) as agent,
    ):
        console = Console(await agent.page(), demo.origin)
        await console.sign_in(ANN)
        widget = Widget(await visitor.page())
        await widget.page.goto(demo.shop)
        await answered(widget, console, "keemun")
        await console.log.click()
        await console.page.keyboard.press("a")
        await expect(form(widget, t)).to_be_visible()
        await expect(console.log).to_contain_text("You asked for a rating")
        await widget.panel.get_by_role("button", name=t("rating.skip")).click()
        await expect(form(widget, t)).to_have_count(0)
        await widget.say("And my keemun cup?")
        await expect(console.log).to_contain_text("And my keemun cup?")
        await console.page.get_by_role("button", name=console.t("common.more")).click()
        await console.page.get_by_role("menuitem", name=console.t("command.askRating")).click()
        await expect(form(widget, t)).to_be_visible()
