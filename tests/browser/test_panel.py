"""The panel as a visitor meets it: what it needs to be usable, and what it offers."""

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.house.test_toolchain import BUILT, first_load
from tests.support.browser import PHONE, Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.running import Running

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]


async def test_the_first_load_alone_is_enough_to_write_and_send(
    browsers: Browsers, demo: Running
) -> None:
    """Keeps the byte budget honest: what it does not count must not be needed."""
    counted = first_load(BUILT / "widget")
    withheld: list[str] = []

    async def withhold(route: Route) -> None:
        name = route.request.url.rpartition("/")[2]
        if name in counted or name.startswith("en-"):
            await route.continue_()
        else:
            withheld.append(name)
            await route.abort()

    async with open_person(browsers.allowing, forgives=("ERR_FAILED", "dynamically")) as vera:
        page = await vera.page()
        await page.route("**/assets/widget/*", withhold)
        widget = Widget(page)
        await page.goto(demo.shop)
        async with page.expect_websocket() as dialled:
            await widget.launcher.click()
        await expect(widget.composer).to_be_focused()
        socket = await dialled.value
        async with socket.expect_event("framesent", lambda frame: "pu-erh" in str(frame)):
            await widget.say("Is the pu-erh in?")
        assert withheld


ANN = "ann@teahouse.example"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 6
# What a browser tells a page when a keyboard covers its lower half; nobody can call one up here.
KEYBOARD = """
([height, top]) => {
  for (const [name, value] of Object.entries({ height, offsetTop: top }))
    Object.defineProperty(visualViewport, name, { value, configurable: true });
  visualViewport.dispatchEvent(new Event("resize"));
}
"""


async def opened(page: Page, demo: Running) -> Widget:
    widget = Widget(page)
    await page.goto(demo.shop)
    await widget.open()
    return widget


async def test_both_sides_answer_one_message_among_many(browsers: Browsers, demo: Running) -> None:
    async with (
        open_person(browsers.allowing) as vera,
        open_person(browsers.blocking) as ann,
    ):
        widget = await opened(await vera.page(), demo)
        await widget.say("Sencha or bancha?")
        console = Console(await ann.page(), demo.origin)
        await console.sign_in(ANN)
        await console.open("Sencha or bancha?")
        await console.take()
        await console.answer("Bancha has less caffeine.")
        await console.answer("Sencha is fresher.")
        said = widget.log.locator(".message", has_text="Bancha has less")
        await said.hover()
        await said.get_by_role("button", name=widget.t("reply")).click()
        await expect(widget.composer).to_be_focused()
        await widget.say("That one, please")
        answer = widget.log.locator(".message.own", has_text="That one, please")
        await expect(answer.locator(".quote")).to_contain_text("Bancha has less caffeine.")
        bubble = console.log.get_by_role("listitem").filter(has_text="That one, please")
        await expect(bubble).to_contain_text("Bancha has less caffeine.")
        await bubble.hover()
        await bubble.get_by_role("button", name=console.t("thread.answer")).last.click()
        await console.answer("It is on its way.")
        back = widget.log.locator(".message", has_text="It is on its way.")
        await expect(back.locator(".quote-text")).to_have_text("That one, please")
        await back.locator(".quote").click()
        await expect(answer).to_have_class(re.compile(r"\bshown\b"))


async def test_emoji_by_keyboard_and_the_last_one_first(browsers: Browsers, demo: Running) -> None:
    async with open_person(browsers.allowing) as vera:
        page = await vera.page()
        widget = await opened(page, demo)
        await widget.composer.fill("Thank you ")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        search = widget.panel.get_by_role("searchbox")
        await expect(search).to_be_focused()
        assert await search.evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16
        await page.keyboard.type("party")
        await page.keyboard.press("Enter")
        await expect(widget.composer).to_have_value("Thank you 🥳")
        await expect(widget.composer).to_be_focused()
        await page.reload()
        await widget.panel.get_by_role("button", name=widget.t("emoji")).click()
        await expect(widget.panel.locator(".emoji-one").first).to_have_text("🥳")
        await page.keyboard.press("Escape")
        await expect(widget.panel.locator(".emoji")).to_have_count(0)
        await expect(widget.composer).to_be_visible()


async def test_muted_stays_muted(browsers: Browsers, demo: Running) -> None:
    async with open_person(browsers.allowing) as vera:
        page = await vera.page()
        widget = await opened(page, demo)
        await widget.say("Shh")
        menu = widget.panel.get_by_role("button", name=widget.t("menu"))
        mute = widget.panel.get_by_role("switch", name=widget.t("mute"))
        await menu.click()
        await mute.click()
        await expect(mute).to_be_checked()
        await page.reload()
        await menu.click()
        await expect(mute).to_be_checked()


async def test_a_phones_keyboard_leaves_field_and_last_message_in_view(
    browsers: Browsers, demo: Running
) -> None:
    async with open_person(browsers.allowing, **PHONE) as vera:
        page = await vera.page()
        widget = await opened(page, demo)
        for number in range(8):
            await widget.say(f"Line {number}")
        await expect(widget.status()).to_have_text(widget.t("sent"))
        size = await widget.composer.evaluate("e => parseFloat(getComputedStyle(e).fontSize)")
        assert size >= 16  # below that, phones zoom into the page
        await page.evaluate(KEYBOARD, [420, 60])
        for seen in (widget.composer, widget.message("Line 7")):
            await expect(seen).to_be_in_viewport(ratio=1)
            box = await seen.bounding_box()
            assert box is not None
            assert box["y"] >= 60
            assert box["y"] + box["height"] <= 480


async def test_a_long_draft_has_the_whole_line_and_a_short_one_the_room_beside_the_buttons(
    browsers: Browsers, demo: Running
) -> None:
    async with open_person(browsers.allowing) as vera:
        widget = await opened(await vera.page(), demo)
        send = widget.panel.get_by_role("button", name=widget.t("send"))
        for text, stands_above in (("Short", False), ("A draft of several words " * 3, True)):
            await widget.composer.fill(text)
            field, button = await widget.composer.bounding_box(), await send.bounding_box()
            assert field is not None
            assert button is not None
            assert (field["y"] + field["height"] <= button["y"]) == stands_above
            assert (field["x"] + field["width"] > button["x"]) == stands_above


@pytest.mark.parametrize("size", [(320, 568), (740, 360)], ids=["small", "landscape"])
async def test_nothing_is_wider_than_a_small_screen(
    browsers: Browsers, demo: Running, size: tuple[int, int]
) -> None:
    screen = {**PHONE, "viewport": {"width": size[0], "height": size[1]}}
    async with open_person(browsers.allowing, **screen) as vera:
        widget = await opened(await vera.page(), demo)
        await widget.say(LONG)
        await expect(widget.status()).to_be_visible()
        wide = "() => [...document.querySelectorAll('body, .panel, .thread, .composer, .header')]"
        found = await widget.frame().evaluate(
            wide + ".filter(e => e.scrollWidth > e.clientWidth).map(e => e.className)"
        )
        assert found == []
        box = await widget.composer.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= size[1]
