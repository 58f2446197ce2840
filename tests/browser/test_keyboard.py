"""Everything by keys alone, and what those hear who do not look."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.support.browser import Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_visitor import WATCH_VOICE, Widget
from tests.support.running import Running
from tests.support.sockets import open_chat, open_visitor, site_key

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# More tab stops than the shop's longest page has.
MOST_TABS = 60


@dataclass
class Two:
    widget: Widget
    console: Console


@pytest_asyncio.fixture(loop_scope="session")
async def two(browsers: Browsers, demo: Running) -> AsyncIterator[Two]:
    """A visitor in the shop and Sam, who is signed in."""
    async with open_person(browsers.blocking) as visitor, open_person(browsers.blocking) as agent:
        console = Console(await agent.page(), demo.origin)
        await console.sign_in("sam@teahouse.example")
        widget = Widget(await visitor.page())
        await widget.page.goto(demo.shop)
        yield Two(widget, console)


async def tab_to(page: Page, selector: str) -> None:
    """Presses Tab until the element has the focus."""
    target = page.locator(selector)
    await expect(target).to_be_visible()
    for _ in range(MOST_TABS):
        await page.keyboard.press("Tab")
        if await target.evaluate("element => element.matches(':focus')"):
            return
    pytest.fail(f"Tab never reaches {selector}")


async def test_a_visitor_needs_no_mouse(two: Two) -> None:
    widget, keyboard = two.widget, two.widget.page.keyboard
    await tab_to(widget.page, "chat-widget button")
    await keyboard.press("Enter")
    await expect(widget.composer).to_be_focused()
    await keyboard.type("Written without a mouse")
    await keyboard.press("Shift+Enter")
    await keyboard.type("in two lines")
    await keyboard.press("Enter")
    await expect(widget.message("Written without a mouse\nin two lines")).to_be_visible()
    await expect(widget.composer).to_be_focused()
    await keyboard.press("Escape")
    await expect(widget.composer).to_be_hidden()
    await expect(widget.launcher).to_be_focused()
    await expect(widget.launcher).to_have_attribute("aria-expanded", "false")
    await keyboard.press("Enter")
    await expect(widget.composer).to_be_focused()


async def test_a_visitor_ends_the_chat_by_keys(two: Two) -> None:
    widget, t = two.widget, two.widget.t
    await widget.open()
    await widget.say("This ends soon")
    await expect(widget.status()).to_have_text(t("sent"))
    menu = widget.panel.get_by_role("button", name=t("menu"), exact=True)
    await menu.press("Enter")
    await expect(menu).to_have_attribute("aria-expanded", "true")
    await widget.page.keyboard.press("Escape")
    await expect(menu).to_be_focused()
    await menu.press("Enter")
    await widget.panel.get_by_role("button", name=t("end"), exact=True).press("Enter")
    await expect(widget.panel.get_by_role("button", name=t("end.no"))).to_be_focused()
    await widget.page.keyboard.press("Tab")
    await widget.page.keyboard.press("Enter")
    await expect(widget.log).to_contain_text(t("ended.you"))
    await expect(widget.composer).to_be_visible()


async def test_an_answer_is_said_aloud_once(two: Two) -> None:
    """By one of all live regions, in the panel and on the page around it."""
    widget, console = two.widget, two.console
    await widget.open()
    places = (widget.frame(), widget.page.main_frame)
    for place in places:
        await place.evaluate(WATCH_VOICE)
    await widget.say("Can you hear me?")
    await console.open("Can you hear me?")
    await console.take()
    await console.answer("Loud and clear.")
    await expect(widget.voice).to_contain_text("Loud and clear.")
    await console.answer("Anything else?")
    await expect(widget.voice).to_contain_text("Anything else?")
    said = " | ".join([line for place in places for line in await place.evaluate("said")])
    assert said.count("Loud and clear.") == 1
    assert said.count("Anything else?") == 1
    assert "Can you hear me?" not in said, "one's own words need not be read out"


async def test_news_for_a_closed_panel_are_said_once_and_without_their_words(two: Two) -> None:
    """The page around is somebody else's."""
    widget, console = two.widget, two.console
    await write_and_close(two, "Say it softly")
    places = (widget.frame(), widget.page.main_frame)
    for place in places:
        await place.evaluate(WATCH_VOICE)
    await console.answer("A soft answer.")
    await expect(widget.launcher).to_have_accessible_name(f"{widget.open_label} 1")
    await expect(widget.panel.locator(".peek")).to_be_visible()
    said = [line for place in places for line in await place.evaluate("said")]
    (line,) = filter(None, said)
    assert widget.t("new", count=1) in line
    assert "A soft answer." not in line


async def test_news_reach_a_closed_panel_and_its_button(two: Two) -> None:
    widget, console = two.widget, two.console
    await write_and_close(two, "I will close this now")
    await expect(widget.launcher).to_be_focused()
    await console.answer("Here is your answer.")
    await expect(widget.launcher).to_have_accessible_name(f"{widget.open_label} 1")
    ear = widget.page.locator("chat-widget output")
    await expect(ear).to_contain_text(widget.t("new", count=1))
    await expect(ear).not_to_contain_text("Here is your answer.")
    await widget.launcher.press("Enter")
    await expect(widget.message("Here is your answer.")).to_be_visible()
    await expect(widget.launcher).to_have_accessible_name(widget.close_label)


async def write_and_close(two: Two, text: str) -> None:
    """An agent has the chat, and the visitor does not look."""
    widget, console = two.widget, two.console
    await widget.open()
    await widget.say(text)
    await console.open(text)
    await console.take()
    await expect(widget.log).to_contain_text("joined")
    await widget.page.keyboard.press("Escape")
    await expect(widget.composer).to_be_hidden()


async def test_an_agent_needs_no_mouse(browsers: Browsers, demo: Running) -> None:
    site = await site_key(demo)
    async with (
        open_visitor(demo, site) as vera,
        open_person(browsers.blocking) as agent,
    ):
        conversation = await open_chat(vera, name="Vera Vogel")
        message = {"t": "send", "conversation": conversation, "client_id": "c1"}
        await vera.ask(message | {"text": "Which kettle do you use?"})
        console = Console(await agent.page(), demo.origin)
        await console.sign_in("ann@teahouse.example")
        await find_by_keys(console, "Vera Vogel")
        await work_by_keys(console)
        while "Dear Hello Vera Vogel" not in str(vera.facts):
            await vera.read()
        assert "She asked last week" not in str(vera.facts)


async def find_by_keys(console: Console, name: str) -> None:
    """J goes down the list, K goes back."""
    page, keyboard = console.page, console.page.keyboard
    await expect(console.row(name)).to_be_visible()
    heading = console.thread.get_by_role("heading")
    await keyboard.press("j")
    first = await heading.inner_text()
    await keyboard.press("j")
    await expect(heading).not_to_have_text(first)
    await keyboard.press("k")
    await expect(heading).to_have_text(first)
    for _ in range(await console.inbox.get_by_role("link").count()):
        if await heading.inner_text() == name:
            break
        before = page.url
        await keyboard.press("j")
        await expect(page).not_to_have_url(before)
    await expect(heading).to_have_text(name)


async def work_by_keys(console: Console) -> None:
    """Take, note, reply, close: T N R E."""
    keyboard, t = console.page.keyboard, console.t
    await keyboard.press("t")
    await expect(console.thread.get_by_text(t("standing.mine"), exact=True)).to_be_visible()
    await keyboard.press("n")
    await expect(console.note).to_be_focused()
    await keyboard.type("She asked last week")
    await keyboard.press("Enter")
    await expect(console.log.get_by_text("She asked last week")).to_be_visible()
    await keyboard.press("Escape")
    await keyboard.press("r")
    await expect(console.reply).to_be_focused()
    await pick_by_keys(console)
    await keyboard.press("Enter")
    await expect(console.log.get_by_text("Dear Hello Vera Vogel")).to_be_visible()
    await keyboard.press("Escape")
    await keyboard.press("e")
    await expect(console.button("thread.reopen").first).to_be_visible()


async def pick_by_keys(console: Console) -> None:
    """Escape leaves the text alone; Tab puts the prepared one in at the cursor."""
    keyboard = console.page.keyboard
    await keyboard.type("Dear  see above")
    for _ in " see above":
        await keyboard.press("ArrowLeft")
    await keyboard.type("/")
    await expect(console.picker).to_be_visible()
    await keyboard.press("Escape")
    await expect(console.picker).to_be_hidden()
    await expect(console.reply).to_have_value("Dear / see above")
    await keyboard.press("Backspace")
    await keyboard.type("/h")
    first = console.picker.get_by_role("option").first
    await expect(first).to_have_attribute("aria-selected", "true")
    await keyboard.press("ArrowDown")
    await expect(first).to_have_attribute("aria-selected", "false")
    await keyboard.press("ArrowUp")
    await keyboard.type("ello")
    await expect(first).to_contain_text("/hello")
    await keyboard.press("Tab")
    words = "Hello Vera Vogel, this is Ann Lindgren of Teahouse. What can I do for you?"
    await expect(console.reply).to_have_value(f"Dear {words} see above")


async def test_the_palette_and_the_list_of_keys(two: Two) -> None:
    console, keyboard = two.console, two.console.page.keyboard
    await keyboard.press("?")
    await expect(console.page.get_by_role("dialog", name=console.t("keys.title"))).to_be_visible()
    await keyboard.press("Escape")
    await expect(console.page.get_by_role("dialog")).to_have_count(0)
    await keyboard.press("g")
    await keyboard.press("c")
    await expect(
        console.page.get_by_role("heading", name=console.t("canned.title"))
    ).to_be_visible()
    await keyboard.press("Control+k")
    await expect(console.page.get_by_role("combobox")).to_be_focused()
    await keyboard.type(console.t("command.transcripts"))
    await keyboard.press("Enter")
    await expect(console.page.get_by_role("searchbox")).to_be_visible()
