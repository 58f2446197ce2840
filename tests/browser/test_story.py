"""One chat from the first click to the exported transcript, by a visitor and an agent."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Request, expect

from tests.support.browser import DESKTOP, PHONE, Browsers, Person, open_person
from tests.support.browser_agent import Console
from tests.support.browser_visitor import WATCH_STATUS, Widget
from tests.support.running import Running

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]

ANN = "ann@teahouse.example"


@dataclass(frozen=True)
class Case:
    """How this visitor came. Over all cases every value meets every other one."""

    storage: str
    language: str
    device: str
    word: str

    @property
    def is_phone(self) -> bool:
        return self.device == "phone"

    def options(self) -> dict[str, Any]:
        locale = {"en": "en-US", "zh-CN": "zh-CN"}[self.language]
        return {"locale": locale, **(PHONE if self.is_phone else DESKTOP)}


CASES = [
    Case("blocked", "en", "desktop", "lapsang"),
    Case("blocked", "zh-CN", "phone", "普陀"),
    Case("allowed", "en", "phone", "nilgiri"),
    Case("allowed", "zh-CN", "desktop", "顾渚"),
]
# What is said in each language; the word keeps the chats of this file apart.
LINES = {
    "en": {
        "question": "Does the {word} keep?",
        "answer": "Yes, {word} keeps a year in the dark.",
        "more": "And once the bag is open?",
        "note": "Asked for {word} last week already",
        "thanks": "Thank you, I take a pound of {word}",
    },
    "zh-CN": {
        "question": "请问{word}能放多久？",
        "answer": "{word}避光可以放一年。",
        "more": "开封以后呢？",
        "note": "上周已经问过{word}",
        "thanks": "谢谢，那我要一斤{word}",
    },
}


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.storage}-{c.language}-{c.device}")
async def test_a_chat_from_the_first_click_to_the_transcript(
    case: Case, browsers: Browsers, demo: Running, tmp_path: Path
) -> None:
    said = {name: line.format(word=case.word) for name, line in LINES[case.language].items()}
    browser = browsers.blocking if case.storage == "blocked" else browsers.allowing
    async with (
        open_person(browser, **case.options()) as visitor,
        open_person(browsers.blocking, accept_downloads=True) as agent,
    ):
        console = Console(await agent.page(), demo.origin)
        await console.sign_in(ANN)
        early = Widget(await visitor.page(), case.language)
        await early.page.goto(demo.shop)
        widget = await arrive(visitor, case, demo)
        await write_first(widget, case, said["question"])
        await take(console, said["question"], case)
        await talk(widget, console, said)
        widget = await wander(widget, case, said)
        await agree(early, widget, console, said)
        await note_and_canned(widget, console, said)
        await end(widget, console)
        await read_and_export(console, case, said, tmp_path)


async def arrive(visitor: Person, case: Case, demo: Running) -> Widget:
    """The launcher costs two requests and leaves nothing behind until it is clicked."""
    page = await visitor.page()
    widget = Widget(page, case.language)
    asked = watch_requests(page, demo.origin)
    await page.goto(demo.shop)
    await expect(widget.launcher).to_be_visible()
    await expect(widget.launcher).to_have_accessible_name(widget.open_label)
    await expect(widget.launcher).to_have_attribute("aria-expanded", "false")
    await page.wait_for_load_state("networkidle")
    assert len(asked) <= 2, asked
    assert await visitor.context.cookies() == []
    assert await page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert await page.evaluate("indexedDB.databases().then((found) => found.length)") == 0
    assert widget.sockets == []
    return widget


def watch_requests(page: Page, origin: str) -> list[str]:
    asked: list[str] = []

    def note(request: Request) -> None:
        if request.url.startswith(origin):
            asked.append(request.url)

    page.on("request", note)
    return asked


async def write_first(widget: Widget, case: Case, question: str) -> None:
    """Open, read the greeting, write; "sent" is never shown before "sending"."""
    await widget.open()
    assert await widget.storage() == ("allowed" if case.storage == "allowed" else "SecurityError")
    await expect(widget.panel.get_by_role("heading", name="Teahouse")).to_be_visible()
    await expect(widget.log).to_contain_text("Ask us anything about tea")
    if not case.is_phone:  # there the keyboard would cover the greeting
        await expect(widget.composer).to_be_focused()
    await widget.frame().evaluate(WATCH_STATUS)
    await widget.say(question)
    await expect(widget.status()).to_have_text(widget.t("sent"))
    shown = await widget.frame().evaluate("shownStatus")
    assert shown == [widget.t("sending"), widget.t("sent")]


async def take(console: Console, question: str, case: Case) -> None:
    """It appears in the queue by itself; beside it stands who is there and where."""
    await expect(console.row(question)).to_be_visible()
    await console.open(question)
    await console.take()
    about = console.visitor
    await expect(about).to_contain_text(console.t("visitor.online"))
    await expect(about.get_by_role("link")).to_have_attribute(
        "href", console.origin.replace("127.0.0.1", "shop.localhost") + "/"
    )
    await expect(about).to_contain_text("Chrome")
    await expect(about).to_contain_text("Chinese" if case.language == "zh-CN" else "English")


async def talk(widget: Widget, console: Console, said: dict[str, str]) -> None:
    await console.reply.press_sequentially(said["answer"][:3])
    await expect(widget.log).to_contain_text(widget.t("typing", name="Ann Lindgren"))
    await console.answer(said["answer"])
    await expect(widget.message(said["answer"])).to_be_visible()
    await expect(widget.panel.locator(".message-name").last).to_have_text("Ann Lindgren")
    await expect(widget.panel.get_by_text(widget.t("typing", name="Ann Lindgren"))).to_have_count(0)
    await widget.composer.press_sequentially(said["more"][:3])
    await expect(console.log).to_contain_text(
        console.t("thread.typing", name=console.t("event.visitor"))
    )
    await widget.say(said["more"])
    await expect(console.log).to_contain_text(said["more"])


async def wander(widget: Widget, case: Case, said: dict[str, str]) -> Widget:
    """To another page of the shop, then a reload: the panel stays open and so does the chat."""
    page = widget.page
    expected = [said["question"], said["answer"], said["more"]]
    await page.goto(f"{page.url}shop")
    await expect(widget.texts()).to_have_text(expected)
    await page.reload()
    await expect(widget.texts()).to_have_text(expected)
    await expect(widget.launcher).to_have_attribute("aria-expanded", "true")
    return widget


async def agree(early: Widget, widget: Widget, console: Console, said: dict[str, str]) -> None:
    """A tab that was open before the first message, and one opened now, show the same."""
    late = Widget(await widget.page.context.new_page(), early.t.language)
    await late.page.goto(early.page.url)
    expected = [said["question"], said["answer"], said["more"]]
    for tab in (early, late):
        await tab.open()
        await expect(tab.texts()).to_have_text(expected)
    await late.say(said["thanks"])
    for tab in (early, late, widget):
        await expect(tab.texts()).to_have_text([*expected, said["thanks"]])
    await expect(console.log).to_contain_text(said["thanks"])
    await late.page.close()
    await early.page.close()


async def note_and_canned(widget: Widget, console: Console, said: dict[str, str]) -> None:
    """The note stays among agents; the prepared text goes in where the cursor is."""
    await console.add_note(said["note"])
    await console.button("composer.reply").click()
    await console.reply.fill("Dear friend. ")
    await console.reply.press_sequentially("/hello")
    await expect(console.picker.get_by_role("option").first).to_contain_text("/hello")
    await console.reply.press("Enter")
    await expect(console.reply).to_have_value(
        "Dear friend. Hello and welcome, this is Ann Lindgren of Teahouse. What can I do for you?"
    )
    await console.reply.press("Enter")
    await expect(widget.message("Dear friend.")).to_be_visible()
    assert said["note"] not in await widget.frame().content()
    assert any(said["thanks"] in frame for frame in widget.heard)
    assert not any(said["note"] in frame for frame in widget.heard)


async def end(widget: Widget, console: Console) -> None:
    await console.close()
    await expect(widget.log).to_contain_text(widget.t("ended.agent", name="Ann Lindgren"))


async def read_and_export(console: Console, case: Case, said: dict[str, str], folder: Path) -> None:
    """Found by a word, read on screen, saved as text without the note."""
    page, t = console.page, console.t
    await console.go("transcripts")
    await page.get_by_role("searchbox", name=t("transcript.search")).fill(case.word)
    found = page.get_by_role("region", name=t("transcript.list")).get_by_role("link")
    await expect(found).to_have_count(1)
    await found.click()
    reader = page.get_by_role("region", name=t("transcript.reader"))
    for text in said.values():
        await expect(reader.get_by_text(text, exact=True)).to_be_visible()
    await reader.get_by_role("button", name=t("transcript.take")).click()
    async with page.expect_download() as download:
        await page.get_by_role("menuitem", name=t("transcript.export")).click()
    file = folder / "chat.txt"
    await (await download.value).save_as(file)
    lines = file.read_text(encoding="utf-8")
    assert said["note"] not in lines
    spoken = [said[name] for name in ("question", "answer", "more", "thanks")]
    positions = [lines.index(text) for text in spoken]
    assert positions == sorted(positions)
