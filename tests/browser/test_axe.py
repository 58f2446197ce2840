"""No page of ours breaks a rule that axe knows, by day and by night."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Frame, Page, expect

from tests.support.browser import Browsers, Person, open_person
from tests.support.browser_agent import Console
from tests.support.browser_axe import violations
from tests.support.browser_visitor import Widget
from tests.support.running import Running
from tests.support.sockets import open_staff

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SCHEMES = ["light", "dark"]
OWNER = "olivia@teahouse.example"


async def check(place: Page | Frame, name: str) -> None:
    found = await violations(place)
    assert found == [], f"{name}:\n" + "\n".join(found)


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest_asyncio.fixture(loop_scope="session")
async def person(browsers: Browsers, scheme: str) -> AsyncIterator[Person]:
    """Without motion, so that nothing is judged half faded in."""
    async with open_person(
        browsers.blocking, color_scheme=scheme, reduced_motion="reduce", forgives=("404", "410")
    ) as opened:
        yield opened


async def test_the_visitors_side(person: Person, browsers: Browsers, demo: Running) -> None:
    widget = Widget(await person.page())
    await widget.page.goto(demo.shop)
    await expect(widget.launcher).to_be_visible()
    await check(widget.page, "shop with launcher")
    await widget.open()
    await check(widget.page, "shop with panel")
    await check(widget.frame(), "empty panel")
    async with open_person(browsers.blocking) as agent:
        console = Console(await agent.page(), demo.origin)
        await console.sign_in("ann@teahouse.example")
        await chat(widget, console)
        await check(widget.frame(), "running chat")
        await console.answer("I do.")
        await expect(widget.message("I do.")).to_be_visible()
        await check(widget.frame(), "answered chat")
        await console.close()
        await expect(widget.log).to_contain_text(widget.t("ended.agent", name="Ann Lindgren"))
        await check(widget.frame(), "ended chat")


async def chat(widget: Widget, console: Console) -> None:
    """A link, an agent who joined and types."""
    await widget.say("Look at https://tea.example/green, please")
    await expect(widget.status()).to_have_text(widget.t("sent"))
    await console.open("Look at https://tea.example/green")
    await console.take()
    await console.reply.press_sequentially("I")
    await expect(widget.log).to_contain_text(widget.t("typing", name="Ann Lindgren"))


async def test_the_inbox(person: Person, demo: Running) -> None:
    console = Console(await person.page(), demo.origin)
    page, t = console.page, console.t
    await page.goto(f"{demo.origin}/agent/")
    await expect(page.locator("input[name=email]")).to_be_visible()
    await check(page, "sign-in")
    await console.sign_in(OWNER)
    await expect(console.row("Tom").first).to_be_visible()
    await check(page, "inbox")
    await console.open("Elena Rossi")
    await check(page, "thread")
    await console.button("composer.note").click()
    await expect(console.note).to_be_visible()
    await check(page, "note")
    await console.button("composer.reply").click()
    await console.reply.press_sequentially("/")
    await expect(console.picker.get_by_role("option").first).to_be_visible()
    await check(page, "canned picker")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name=t("keys.title"))).to_be_visible()
    await check(page, "keys")


SCREENS = {
    "canned": "canned.title",
    "sites": "site.title",
    "sites/new": "site.new",
    "mail": "mail.title",
    "people": "people.title",
    "profile": "profile.title",
    "transcripts": "nav.transcripts",
}


async def test_the_other_screens(person: Person, demo: Running) -> None:
    console = Console(await person.page(), demo.origin)
    page, t = console.page, console.t
    await console.sign_in(OWNER)
    for path, title in SCREENS.items():
        await console.go(path)
        await expect(page.get_by_role("heading", name=t(title), level=1)).to_be_visible()
        await page.wait_for_load_state("networkidle")
        await check(page, path)
    await page.get_by_role("region", name=t("transcript.list")).get_by_role("link").first.click()
    await expect(page.get_by_role("button", name=t("transcript.take"))).to_be_visible()
    await check(page, "transcript")
    await console.go("sites")
    await page.get_by_role("main").get_by_role("link", name="Teahouse").click()
    await expect(page.get_by_text(t("site.install"))).to_be_visible()
    await check(page, "site")


async def test_pages_without_a_console(
    person: Person, demo: Running, empty: Running, tmp_path: Path
) -> None:
    page = await person.page()
    await page.goto(f"{empty.origin}/setup")
    await check(page, "set-up")
    await page.goto(f"{demo.origin}/setup")
    await check(page, "set-up that is over")
    await page.goto(f"{demo.origin}/nowhere")
    await check(page, "error page")
    async with open_staff(demo, OWNER) as staff:
        wanted = {"email": f"{tmp_path.name.lower()}@teahouse.example", "role": "agent"}
        link = (await staff.post("/api/invitations", wanted))["link"]
        key = staff.boot and (await staff.client.get("/api/sites")).json()["items"][0]["key"]
    await page.goto(link)
    await check(page, "invitation")
    await page.goto(f"{demo.origin}/preview?site={key}")
    await expect(page.locator("chat-widget button")).to_be_visible()
    await check(page, "test page")
