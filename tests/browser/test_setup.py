"""From an empty data folder to a chat on a page and a colleague at the console."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.support.browser import Browsers, Person, open_person
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.browser_words import Words
from tests.support.running import PASSWORD, Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SAYS = Words("pages")
OLGA = "olga@lamps.example"
BEN = "ben@lamps.example"
TYPED = {
    "name": "Olga",
    "email": OLGA,
    "password": PASSWORD,
    "workspace": "Lamps & Sons",
    "site": "Lamp shop",
    "origin": "https://lamps.example",
}


async def test_from_nothing_to_the_first_chat_and_a_colleague(
    browsers: Browsers, empty: Running
) -> None:
    # Answers that refuse something are part of this story.
    async with (
        open_person(browsers.blocking, forgives=("400", "410")) as owner,
        open_person(browsers.blocking, forgives=("410",)) as colleague,
    ):
        page = await owner.page()
        await page.goto(empty.origin)
        await expect(page).to_have_url(f"{empty.origin}/setup")
        await refuse_a_guess(page)
        await set_up(page, empty.setup_secret)
        await try_it(owner, page)
        await find_it_closed(owner, empty)
        link = await invite(page, empty)
        await accept(await colleague.page(), link, empty)
        await find_it_used(await colleague.page(), link)


async def refuse_a_guess(page: Page) -> None:
    """What was typed stays, but for the password; the wrong field is named."""
    await fill(page, "a-guess")
    await page.get_by_role("button", name=SAYS("setup.submit")).click()
    await expect(page.get_by_role("alert")).to_have_text(SAYS("setup.fields"))
    secret = page.get_by_label(SAYS("setup.secret"), exact=True)
    await expect(secret).to_have_attribute("aria-invalid", "true")
    await expect(secret).to_have_accessible_description(re.compile(SAYS("field.unknown")))
    for name, value in TYPED.items():
        kept = "" if name == "password" else value
        await expect(page.locator(f"input[name={name}]")).to_have_value(kept)


async def set_up(page: Page, secret: str) -> None:
    await fill(page, secret)
    await page.get_by_role("button", name=SAYS("setup.submit")).click()
    await expect(page.get_by_role("heading", name=SAYS("done.title"))).to_be_visible()


async def fill(page: Page, secret: str) -> None:
    for name, value in {"secret": secret, **TYPED}.items():
        await page.locator(f"input[name={name}]").fill(value)


async def try_it(owner: Person, page: Page) -> None:
    """The line to paste names our loader; the test page carries it, and the chat there works."""
    snippet = await page.locator("#snippet").inner_text()
    assert snippet.startswith("<script")
    assert "/widget.js" in snippet
    async with owner.context.expect_page() as opened:
        await page.get_by_role("link", name=SAYS("done.preview")).click()
    widget = Widget(await opened.value)
    await widget.open()
    await expect(widget.panel.get_by_role("heading", name="Lamp shop")).to_be_visible()
    await widget.say("First light")
    await expect(widget.status()).to_have_text(widget.t("sent"))
    await page.get_by_role("link", name=SAYS("done.console")).click()
    console = Console(page, "")
    await console.open("First light")
    await console.take()
    await console.answer("It shines.")
    await expect(widget.message("It shines.")).to_be_visible()
    await widget.page.close()


async def find_it_closed(owner: Person, empty: Running) -> None:
    page = await owner.page()
    answer = await page.goto(f"{empty.origin}/setup")
    assert answer is not None
    assert answer.status == 410
    await expect(page.get_by_role("heading", level=1)).to_have_text(Words("visitors")("error.410"))
    await page.goto(empty.origin)
    await expect(page).to_have_url(f"{empty.origin}/agent/inbox")
    await page.close()


async def invite(page: Page, empty: Running) -> str:
    """The link is shown once."""
    console = Console(page, empty.origin)
    t = console.t
    await console.go("people")
    await console.button("people.invite").click()
    dialog = page.get_by_role("dialog", name=t("people.invite"))
    await dialog.get_by_label(t("people.email")).fill(BEN)
    await dialog.get_by_label(t("people.role")).select_option("supervisor")
    await dialog.get_by_role("button", name=t("people.invite.make")).click()
    await expect(dialog).to_contain_text(t("people.link.about", email=BEN))
    link = await dialog.locator("code, input[readonly]").first.evaluate(
        "element => element.value ?? element.textContent"
    )
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("main")).to_contain_text(BEN)
    assert str(link).startswith(f"{empty.origin}/invitations/")
    return str(link)


async def accept(page: Page, link: str, empty: Running) -> None:
    await page.goto(link)
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        SAYS("invitation.title", workspace="Lamps & Sons")
    )
    await page.get_by_label(SAYS("label.name"), exact=True).fill("Ben")
    await page.get_by_label(SAYS("label.password"), exact=True).fill("six lamps in a row")
    await page.get_by_role("button", name=SAYS("invitation.submit")).click()
    console = Console(page, empty.origin)
    await console.is_ready()
    await page.get_by_role("button", name=console.t("status.menu", name="Ben")).click()
    await page.get_by_role("menuitem", name=console.t("nav.signOut")).click()
    await expect(page).to_have_url(f"{empty.origin}/agent/sign-in")
    await console.sign_in(BEN, "six lamps in a row")
    await expect(console.row("It shines.")).to_be_visible()


async def find_it_used(page: Page, link: str) -> None:
    answer = await page.goto(link)
    assert answer is not None
    assert answer.status == 410
    await page.close()
