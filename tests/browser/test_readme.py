"""Every example of widget/README.md, run as it stands there, on a page that carries the chat."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.support.browser import Browsers
from tests.support.browser_visitor import Widget
from tests.support.examples import examples, placed
from tests.support.hostile import Hosts, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

README = "widget/README.md"
# What a call that the README calls wrong says to the console.
TOLD = ("unknown_command", "bad_argument")
COMMANDS = (
    "open close toggle show hide identify setAttributes setPage startConversation "
    "on off reset consent destroy"
)


def here(text: str, hosts: Hosts) -> str:
    return placed(text, hosts.chat, hosts.keys[0])


async def test_every_command_has_an_example() -> None:
    shown = "\n".join([*examples(README, "js"), *examples(README, "html")])
    for command in COMMANDS.split():
        assert f'ChatWidget("{command}"' in shown, command


@pytest.mark.parametrize("example", examples(README, "js"))
async def test_a_script_of_the_readme_runs(browsers: Browsers, hosts: Hosts, example: str) -> None:
    """On a page of its own; whatever throws or is refused fails, but what it says is wrong."""
    address = hosts.show(hosts.tag(), path="/readme")
    async with visiting(browsers.blocking, address, forgives=TOLD) as widget:
        await expect(widget.launcher).to_be_visible()
        codes = "window.codes = []; ChatWidget('on', 'error', ({ code }) => codes.push(code))"
        await widget.page.evaluate(f"{{ {codes} }}")
        await widget.page.evaluate(f"{{ {here(example, hosts)} }}")
        await widget.page.wait_for_function("new Promise((done) => setTimeout(done, 0, true))")
        announced = re.findall(r"// (unknown_command|bad_argument)", example)
        assert await widget.page.evaluate("codes") == announced


@pytest.mark.parametrize("example", examples(README, "html"))
async def test_a_page_of_the_readme_shows_the_chat(
    browsers: Browsers, hosts: Hosts, example: str
) -> None:
    page = here(example, hosts)
    if "<script async" not in page:
        page += hosts.tag()
    async with visiting(browsers.blocking, hosts.show(page, path="/readme")) as widget:
        await expect(widget.page.locator("chat-widget")).to_have_count(1)
        await widget.page.evaluate("ChatWidget('open')")
        await expect(widget.composer).to_be_visible()


async def shop(hosts: Hosts, widget: Widget, attributes: str = "", body: str = "") -> None:
    await widget.page.goto(hosts.show(body + hosts.tag(attributes), path="/api"))
    await expect(widget.page.locator("chat-widget")).to_have_count(1)


async def test_what_the_examples_promise(browsers: Browsers, hosts: Hosts) -> None:
    """Own elements open, words are proposed and not sent, hidden is hidden, destroyed is gone."""
    own = '<a href="/contact" data-chat-open>Ask us</a> <button id="help">Help</button>'
    async with visiting(browsers.blocking, hosts.show("", path="/before")) as widget:
        page = widget.page
        await shop(hosts, widget, 'data-launcher="#help"', own)
        await page.get_by_role("link", name="Ask us").click()
        await expect(widget.composer).to_be_visible()
        assert page.url.endswith("/api")
        await page.get_by_role("button", name="Help").click()
        await expect(widget.composer).to_be_hidden()
        await expect(page.get_by_role("link", name="Ask us")).to_be_focused()
        await page.evaluate("ChatWidget('startConversation', 'About the lamp: ')")
        await expect(widget.composer).to_have_value("About the lamp: ")
        await page.evaluate("ChatWidget('startConversation', 'Buy now')")
        await expect(widget.composer).to_have_value("About the lamp: ")
        await expect(widget.texts()).to_have_count(0)
        await page.evaluate("ChatWidget('destroy')")
        await expect(page.locator("chat-widget")).to_have_count(0)


async def test_inline_it_is_a_part_of_the_page(browsers: Browsers, hosts: Hosts) -> None:
    box = '<main style="width: 500px; height: 600px"></main>'
    async with visiting(browsers.blocking, hosts.show("", path="/before")) as widget:
        await shop(hosts, widget, 'data-inline="main"', box)
        await expect(widget.composer).to_be_visible()
        await expect(widget.launcher).to_be_hidden()
        place = await widget.page.locator("chat-widget iframe").bounding_box()
        assert place is not None
        assert (place["width"], place["height"]) == (500, 600)
        await widget.composer.press("Escape")
        await widget.say("Inside")
        await expect(widget.status()).to_have_text(widget.t("sent"))


async def test_nothing_is_kept_and_nobody_connects_before_a_required_consent(
    browsers: Browsers, hosts: Hosts
) -> None:
    async with visiting(browsers.allowing, hosts.show("", path="/before")) as widget:
        page = widget.page
        kept = "localStorage.length + sessionStorage.length"
        await shop(hosts, widget, 'data-consent="required"')
        await widget.launcher.click()
        agree = widget.panel.get_by_role("button", name="Agree and chat")
        await expect(agree).to_be_visible()
        assert widget.sockets == []
        assert [await page.evaluate(kept), await widget.frame().evaluate(kept)] == [0, 0]
        await agree.click()
        await expect(widget.composer).to_be_visible()
        await widget.say("Agreed")
        await expect(widget.status()).to_have_text(widget.t("sent"))
        await page.reload()
        await expect(widget.message("Agreed")).to_be_visible()
        await page.evaluate("ChatWidget('consent', false)")
        await widget.launcher.click()
        await expect(agree).to_be_visible()
        await agree.click()
        await expect(widget.texts()).to_have_count(0)


async def test_reset_forgets_and_waits(browsers: Browsers, hosts: Hosts) -> None:
    """After signing out on a shared computer nothing is left, and nobody connects by himself."""
    async with visiting(browsers.allowing, hosts.show("", path="/before")) as widget:
        await shop(hosts, widget)
        await widget.open()
        await widget.say("Mine alone")
        await expect(widget.status()).to_have_text(widget.t("sent"))
        before = len(widget.sockets)
        await widget.page.evaluate("ChatWidget('reset')")
        await expect(widget.composer).to_be_hidden()
        await expect(widget.panel.locator("html[lang]")).to_have_count(1)
        await widget.page.wait_for_function("localStorage.length + sessionStorage.length === 0")
        assert len(widget.sockets) == before
        await widget.open()
        await expect(widget.texts()).to_have_count(0)


async def test_who_opens_at_once_after_reset_finds_nothing_of_before(
    browsers: Browsers, hosts: Hosts
) -> None:
    """The frame that was told to forget has not come yet when the launcher is clicked."""
    async with visiting(browsers.allowing, hosts.show("", path="/before")) as widget:
        await shop(hosts, widget)
        await widget.open()
        await widget.say("Mine alone")
        await expect(widget.status()).to_have_text(widget.t("sent"))
        clicked = asyncio.Event()

        async def late(route: Route) -> None:
            await clicked.wait()
            await route.continue_()

        await widget.page.route("**/frame?*", late)
        await widget.page.evaluate("ChatWidget('reset')")
        await widget.launcher.click()
        clicked.set()
        await expect(widget.composer).to_be_visible()
        await widget.say("Somebody else")
        await expect(widget.texts()).to_have_text(["Somebody else"])
