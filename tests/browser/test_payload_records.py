"""Whatever sites ask, visitors answer and pages say of them: it stays text wherever it is shown.
The real service, a real Chromium."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from chatserver.errors import ChatError
from chatserver.identity.widget.checks import words
from tests.support.browser import Browsers, require_browser_and_built_files
from tests.support.browser_agent import Console
from tests.support.browser_inert import FAST, watched
from tests.support.browser_words import Words
from tests.support.identifying import OWNER, key_of, signed
from tests.support.payloads import PAYLOADS
from tests.support.running import Running, run_service
from tests.support.sockets import Frame, Staff, Wire, open_staff, open_visitor
from tests.support.website import run_website

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(400),
    pytest.mark.asyncio(loop_scope="session"),
]

# As many attributes as there are payloads.
ROOM = {"visitor_attributes": "300", "visitor_attribute_bytes": "99000"}
CALM = ("Green tea", "Look at https://tea.example/green?a=b, please", "A cup")
# A form has so many fields, and each so many answers to choose from.
FIELDS, OPTIONS = 11, 20
# A page for each greeting; a signed word has to fit into a frame.
SOME = PAYLOADS[::16]


def is_taken(text: str) -> bool:
    try:
        return bool(words(text))
    except ChatError:
        return False


ASKED = tuple(text for text in PAYLOADS if is_taken(text))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    require_browser_and_built_files()
    with run_service(tmp_path_factory.mktemp("records"), **FAST, **ROOM) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def owner(service: Running) -> AsyncIterator[Staff]:
    async with open_staff(service, OWNER) as staff:
        yield staff


async def site_of(owner: Staff) -> Frame:
    found: Frame = (await owner.get("/api/sites"))["items"][0]
    return found


async def put(owner: Staff, site: Frame, **sections: Frame) -> None:
    path = f"/api/sites/{site['id']}/widget"
    version = (await owner.get(path))["version"]
    await owner.patch(path, {"version": version, **sections})


def form_of(texts: tuple[str, ...]) -> Frame:
    """Every text is an answer to choose, some are questions too, and one is what is agreed to."""
    packs = [texts[at : at + OPTIONS] for at in range(0, len(texts), OPTIONS)][:FIELDS]
    fields = [
        {
            "key": f"f{at}",
            "kind": "choice",
            "label": pack[0][:80],
            "options": list(dict.fromkeys(text[:60] for text in pack)),
        }
        for at, pack in enumerate(packs)
    ]
    note = {"key": "note", "kind": "multiline", "label": texts[-1][:80]}
    consent = {"text": texts[0][:200], "link": "", "version": texts[0][:40]}
    return {"before": True, "fields": [*fields, note], "consent": consent}


async def test_what_is_asked_and_answered(
    browsers: Browsers, service: Running, owner: Staff
) -> None:
    site, start = await site_of(owner), Words("forms", "en")("start")
    async with watched(browsers) as (shop, seen), watched(browsers) as (desk, known):
        console = Console(desk, service.origin)
        await console.sign_in(OWNER)
        for texts, asked, see, know in (
            (CALM, CALM, seen.know, known.know),
            (PAYLOADS, ASKED, seen.check, known.check),
        ):
            await put(owner, site, forms=form_of(asked))
            await shop.goto(f"{service.origin}/frame?site={site['key']}")
            await expect(shop.get_by_role("button", name=start)).to_be_visible()
            await see(shop, "form")
            async with key_of(service, site["key"]) as secret:
                chat = await tell(service, site["key"], texts, asked, secret)
            await read(console, chat, len(texts))
            await know(desk, "record")
            await console.go(f"transcripts/{chat}")
            await expect(desk.locator("main ol li").last).to_be_visible()
            await know(desk, "transcript")


async def tell(
    service: Running, site: str, texts: tuple[str, ...], asked: tuple[str, ...], secret: str
) -> str:
    """Somebody the site vouches for, who answers all, quotes all and rates in all words."""
    form = form_of(asked)
    claims = {"name": texts[0][:100], "attributes": named(texts[::16])}
    identity = signed(secret, f"customer-{len(texts)}", **claims)
    answers = {field["key"]: field["options"][-1] for field in form["fields"][:-1]}
    answers["note"] = "\n".join(texts)[:2000]
    said = {"answers": answers, "consent": form["consent"]["version"]}
    async with open_visitor(service, site, identity=identity) as wire:
        reply = await wire.ask({"t": "open", "client_id": "open", "form": said})
        chat: str = reply["ok"]["conversation"]
        assert "ok" in await wire.ask({"t": "describe", "attributes": named(texts)})
        seq = await say(wire, chat, "first", texts[0])
        for at, text in enumerate(texts):
            seq = await say(wire, chat, f"m{at}", text, quote=seq)
            rating = {"score": 1 + at % 5, "comment": text, "reasons": [text[:60]]}
            frame = {"t": "rate", "conversation": chat, "client_id": f"r{at}"}
            assert "ok" in await wire.ask({**frame, **rating}), text
    return chat


def named(texts: tuple[str, ...]) -> dict[str, str]:
    return {f"a{at}": text for at, text in enumerate(texts)}


async def say(wire: Wire, chat: str, client_id: str, text: str, **more: object) -> int:
    frame = {"t": "send", "conversation": chat, "client_id": client_id, "text": text}
    reply = await wire.ask({**frame, **more})
    seq: int = reply["ok"]["seq"]
    return seq


async def read(console: Console, chat: str, count: int) -> None:
    """The chat, and beside it all that is known of who wrote it."""
    await console.go(f"inbox/{chat}")
    page, t = console.page, console.t
    said = page.get_by_role("region", name=t("customer.attributes")).locator("p")
    await expect(said).to_have_count(count)
    await expect(console.log.locator("li").last).to_be_visible()


async def test_greetings(browsers: Browsers, service: Running, owner: Staff) -> None:
    with run_website() as website:
        origin = website.origin("lamps")
        site = await owner.post("/api/sites", {"name": "Lamps", "origins": [origin]})
        texts = [CALM[0], *(text for text in SOME if is_taken(text))]
        items = [
            {"id": f"g{at}", "text": text[:300], "rule": {"pages": [f"/g{at}"]}}
            for at, text in enumerate(texts)
        ]
        await put(owner, site, greetings={"items": items})
        website.snippet = site["snippet"]
        async with watched(browsers) as (page, seen):
            for at in range(len(texts)):
                await page.goto(f"{origin}/g{at}")
                await expect(page.locator("chat-greeting button").first).to_be_visible()
                await (seen.check if at else seen.know)(page, "greeting")
