"""Whatever people write, wherever it is shown: it stays text. The real service, a real Chromium."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.support.browser import Browsers, require_browser_and_built_files
from tests.support.browser_agent import Console
from tests.support.browser_inert import FAST, watched
from tests.support.browser_visitor import Widget
from tests.support.payloads import CLASSES, PAYLOADS, REFUSED
from tests.support.running import Running, run_service
from tests.support.sockets import Staff, Wire, open_agent, open_chat, open_staff, open_visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # Two hundred of them, each looked at, where the machine may have little to spare.
    pytest.mark.timeout(400),
    pytest.mark.asyncio(loop_scope="session"),
]

OWNER = "olivia@teahouse.example"
ANN = "ann@teahouse.example"
HARMLESS = (
    "Look at https://tea.example/green?a=b, please",
    "שלום, what a mixture",
    "one\ntwo",
    "A harmless question about tea",
)
LAST = "that was all of it"
CALM = "Teahouse"
NAME_CHARS = 100
# What a list that grows gets: a way to its end, or to more of it.
PILLS = ("button[type]",)
# An address in what somebody wrote becomes a link, whose safety is looked at.
LINK = "a[href rel target]"
# A few of each kind, where each costs a page.
SOME = tuple(payload for those in CLASSES.values() for payload in those[::10])


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A shop of its own: names change here. Nobody is told to slow down."""
    require_browser_and_built_files()
    with run_service(tmp_path_factory.mktemp("payloads"), **FAST) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def owner(service: Running) -> AsyncIterator[Staff]:
    async with open_staff(service, OWNER) as staff:
        yield staff


async def site_of(owner: Staff) -> dict[str, str]:
    found: dict[str, str] = (await owner.get("/api/sites"))["items"][0]
    return found


async def say_all(wire: Wire, conversation: str, texts: tuple[str, ...], name: str) -> list[str]:
    """The numbers of those that were taken; what is refused is not shown to anybody."""
    taken = []
    for number, text in enumerate(texts):
        frame = {"t": "send", "conversation": conversation, "text": text}
        reply = await wire.ask({**frame, "client_id": f"{name}-{number}"})
        if "ok" in reply:
            taken.append(text)
        else:
            assert reply["error"]["code"] in {"bad_text", "text_empty"}, text
    return taken


async def test_messages_of_both_sides(browsers: Browsers, service: Running, owner: Staff) -> None:
    key = (await site_of(owner))["key"]
    async with watched(browsers) as (shop, seen), watched(browsers) as (desk, known):
        log = await greet(Widget(shop), Console(desk, service.origin), key)
        await seen.know(shop, "panel", *PILLS)
        await known.know(desk, "thread", *PILLS)
        token = await shop.evaluate(f"localStorage.getItem('chat.{key}.token')")
        async with open_visitor(service, key, token=token) as vera, open_agent(service, ANN) as ann:
            conversation = vera.welcome["conversation"]["id"]
            told = await say_all(vera, conversation, (*PAYLOADS, LAST), "vera")
            answered = await say_all(ann, conversation, (*PAYLOADS, LAST), "ann")
        assert len(told) > 200
        assert told == answered
        for place, name, watching in ((shop, "panel", seen), (desk, "thread", known)):
            shown = place.get_by_role("log")
            await expect(shown.get_by_text(LAST, exact=True)).to_have_count(2)
            await watching.check(place, name)
        bubbles = await log.locator(".bubble").all_text_contents()
        expected = [as_stored(text) for text in [*told, *answered]]
        assert bubbles[2 * len(HARMLESS) :] == expected
        said = await desk.get_by_role("log").inner_html()
        assert all(visible in said for visible in ("{{ 7 * 7 }}", "${7*7}", "&lt;script&gt;"))


async def greet(widget: Widget, console: Console, key: str) -> Locator:
    """Both said something harmless of every kind."""
    page = widget.page
    await page.goto(f"{console.origin}/frame?site={key}")
    log = page.get_by_role("log")
    field = page.get_by_role("textbox", name=widget.t("compose"))
    for text in HARMLESS:
        await field.fill(text)
        await field.press("Enter")
    await expect(log.locator(".bubble")).to_have_count(len(HARMLESS))
    await console.sign_in(ANN)
    await console.row("A harmless question").click()
    await console.take()
    for text in HARMLESS:
        await console.reply.fill(text)
        await console.reply.press("Enter")
    await expect(log.locator(".bubble")).to_have_count(2 * len(HARMLESS))
    await expect(log.locator(".own .meta-status").last).to_be_visible()
    return log


def as_stored(text: str) -> str:
    kept = "".join(c for c in text.replace("\r\n", "\n") if c in "\n\t" or not is_control(c))
    return kept.rstrip()


def is_control(char: str) -> bool:
    return ord(char) < 32 or 127 <= ord(char) < 160


async def test_what_no_store_takes_is_refused_or_made_whole(
    browsers: Browsers, service: Running, owner: Staff
) -> None:
    key = (await site_of(owner))["key"]
    async with watched(browsers) as (page, _):
        widget = Widget(page)
        await page.goto(f"{service.origin}/frame?site={key}")
        field = page.get_by_role("textbox", name=widget.t("compose"))
        log = page.get_by_role("log")
        for text in REFUSED:
            await field.evaluate(
                "(field, codes) => { field.value = String.fromCharCode(...codes);"
                " field.dispatchEvent(new InputEvent('input', { bubbles: true })); }",
                [ord(char) for char in text],
            )
            await field.press("Enter")
        await expect(log.get_by_text(widget.t("failed.bad_text"))).to_have_count(1)
        await expect(log.get_by_text("\ufffd\ufffd turned")).to_be_visible()
        await expect(log.get_by_text(widget.t("sent"), exact=True)).to_have_count(1)


async def test_names_titles_and_addresses_of_visitors(
    browsers: Browsers, service: Running, owner: Staff
) -> None:
    key = (await site_of(owner))["key"]
    async with watched(browsers) as (desk, known):
        console = Console(desk, service.origin)
        calm = {"url": "https://tea.example/a", "title": "Tea", "referrer": "https://tea.example/"}
        first = await arrive(service, key, "Vera", calm, "Hello")
        unlinked = await arrive(service, key, "Tim", {**calm, "url": "about:blank"}, "Hello")
        await console.sign_in(OWNER)
        for chat in (first, unlinked):
            await visit(console, chat)
            await known.know(desk, "inbox", LINK, *PILLS)
        for text in PAYLOADS:
            page = {"url": text, "title": text, "referrer": text}
            chat = await arrive(service, key, text[:NAME_CHARS], page, text)
            if text in SOME:
                await visit(console, chat)
            await known.check(desk, "inbox", text)


async def visit(console: Console, chat: str) -> None:
    """As a click on its row does it, without waiting for the row to be drawn."""
    await console.page.evaluate("(to) => history.pushState(null, '', to)", f"/agent/inbox/{chat}")
    await expect(console.visitor.locator("dl")).to_be_visible()
    await expect(console.log.locator("li").first).to_be_visible()


async def arrive(service: Running, key: str, name: str, page: dict[str, str], text: str) -> str:
    """The chat of a new visitor, who is on that page and wrote that."""
    async with open_visitor(service, key, page=page) as wire:
        try:
            conversation = await open_chat(wire, name=name)
        except KeyError:  # such a name is refused; the rest of it may still come
            conversation = await open_chat(wire)
        sent = {"t": "send", "conversation": conversation, "text": text, "client_id": "first"}
        await wire.ask(sent)
        return conversation


async def test_names_of_agents_and_of_the_site_its_greeting_and_its_words(
    browsers: Browsers, service: Running, owner: Staff
) -> None:
    site = await site_of(owner)
    async with watched(browsers) as (page, seen), open_staff(service, ANN) as ann:
        async with open_visitor(service, site["key"]) as wire:
            conversation = await open_chat(wire, name="Vera")
            token = wire.welcome["token"]
            await wire.ask(send(conversation, "Hello", "hello"))
        await page.add_init_script(
            f"if (!localStorage.length) localStorage.setItem('chat.{site['key']}.token', '{token}')"
        )
        await rename(owner, site, CALM)
        await answer(service, ann, "Ann", conversation, "calm")
        await look(page, service, site["key"], CALM)
        await seen.know(page, "panel", *PILLS)
        for number, text in enumerate(SOME):
            name = await rename(owner, site, text)
            await answer(service, ann, text, conversation, f"a{number}")
            await look(page, service, site["key"], name)
            await seen.check(page, "panel", text)
        await rename(owner, site, CALM)


async def rename(owner: Staff, site: dict[str, str], text: str) -> str:
    """Name, greeting and own words of the site, and the name as it is kept."""
    path = f"/api/sites/{site['id']}"
    changed = {"name": text[:NAME_CHARS], "greeting": text[:NAME_CHARS]}
    answer = await owner.client.patch(path, json=changed)
    settings = await owner.get(f"{path}/widget")
    plain = "compose.hint", "messages", "send", "status.offline", "status.online", "you", "today"
    said = "" if text == CALM else text.replace("{", "(").replace("}", ")")[:300]
    words = dict.fromkeys(plain, said)
    body = {"version": settings["version"], "texts": {"own": {"en": words}}}
    await owner.patch(f"{path}/widget", body)
    assert answer.is_success or answer.status_code == 400
    return (await site_of(owner))["name"]


async def answer(service: Running, ann: Staff, name: str, chat: str, client_id: str) -> None:
    await ann.client.patch("/api/me", json={"name": name[:NAME_CHARS]})
    async with open_agent(service, ANN) as wire:
        if client_id == "calm":
            head = await wire.ask({"t": "history", "conversation": chat, "limit": 1})
            seq = head["ok"]["facts"][-1]["seq"]
            await wire.ask({"t": "assign", "conversation": chat, "expect_seq": seq})
        await wire.ask(send(chat, "An answer", client_id))


def send(chat: str, text: str, client_id: str) -> dict[str, str]:
    return {"t": "send", "conversation": chat, "text": text, "client_id": client_id}


async def look(page: Page, service: Running, key: str, name: str) -> None:
    await page.goto(f"{service.origin}/frame?site={key}")
    await expect(page.locator("h1")).to_have_text(name)
    await expect(page.get_by_role("log").locator(".bubble").last).to_be_visible()


async def test_canned_replies(browsers: Browsers, service: Running, owner: Staff) -> None:
    async with watched(browsers) as (desk, known):
        console = Console(desk, service.origin)
        await console.sign_in(OWNER)
        await console.go("canned")
        await expect(desk.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
        await desk.wait_for_load_state("networkidle")
        await known.know(desk, "canned")
        for number, text in enumerate(PAYLOADS):
            said = {"shortcut": f"p{number}", "title": text[:60], "text": text[:1000]}
            stored = await owner.client.post("/api/canned-replies", json=said)
            assert stored.is_success or stored.status_code == 400
        await console.go("canned")
        await desk.wait_for_load_state("networkidle")
        await expect(desk.get_by_text("ran()").first).to_be_visible()
        await known.check(desk, "canned")
