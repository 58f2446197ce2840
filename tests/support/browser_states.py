"""The panel in all its states, one after the other, for those who look at it or have it checked."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, WebSocketRoute, expect

from tests.support.browser_states_late import end_and_rate, send_files
from tests.support.browser_visitor import Widget
from tests.support.browser_words import Words
from tests.support.running import Running
from tests.support.sockets import Wire, open_agent

ANN = "ann@teahouse.example"
ANN_NAME = "Ann Lindgren"
# Codes of docs/protocol.md: come again; in another tab; not here any more.
RESTARTING, ELSEWHERE, DISABLED = 1012, 4505, 4503
# What the browser prints of sockets that are closed on it, and of a file that is refused.
CUT = ("WebSocket connection", "ERR_", "413")
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
RTL = "שלום, האם התה הירוק עדיין במלאי? אני רוצה לשלוח אותו ל-Berlin עד יום שישי."
ANSWERS = (
    "The spring harvest came in last week.\n\nTwo things to know:\n1. 80 °C\n2. Short",
    "您好，明前龙井还有货，今天下单明天寄出。",
    "نعم، الشاي الأخضر متوفر: https://tea.example/" + "very/" * 12 + "long?q=1",
)

Visit = Callable[[str], Awaitable[None]]
# Before the page's own scripts; a page says which language it is in, and the widget follows.
SPEAK = """
document.addEventListener("readystatechange", () => {{ document.documentElement.lang = "{0}"; }});
"""


@dataclass
class Line:
    """A visitor's sockets, which can be cut and mended."""

    code: int | None = None
    routes: list[WebSocketRoute] = field(default_factory=list)

    async def cut(self, code: int) -> None:
        self.code = code
        for route in self.routes:
            await route.close(code=code)
        self.routes.clear()

    def mend(self) -> None:
        self.code = None

    async def serve(self, route: WebSocketRoute) -> None:
        if self.code is not None:
            await route.close(code=self.code)
            return
        route.connect_to_server()
        self.routes.append(route)


async def open_line(context: BrowserContext) -> Line:
    """Before the first page. No polls either: they would find another way."""
    line = Line()
    await context.route_web_socket(re.compile("/ws/visitor"), line.serve)
    await context.route("**/poll/visitor", lambda route: route.abort())
    return line


async def tour(widget: Widget, service: Running, line: Line, visit: Visit) -> None:
    """From the launcher on a page to a chat that is over, `visit` being told where we are."""
    t = widget.t
    await widget.page.goto(service.shop)
    await expect(widget.launcher).to_have_accessible_name(re.compile(widget.open_label))
    await visit("launcher")
    await widget.open()
    await expect(widget.panel.get_by_role("button", name=t("attach"))).to_be_visible()
    await visit("empty")
    async with open_agent(service, ANN) as ann:
        await ann.ask({"t": "status", "status": "online"})
        await write(widget, line, visit)
        await talk(widget, ann, visit)
        await send_files(widget, visit)
        await end_and_rate(widget, visit)
    for code, text in ((ELSEWHERE, "link.elsewhere"), (DISABLED, "link.stopped")):
        await line.cut(code)
        await expect(widget.notice).to_contain_text(t(text))
        await visit(text)
        line.mend()
        await widget.notice.get_by_role("button").click()
        await expect(widget.notice).to_have_count(0)


async def write(widget: Widget, line: Line, visit: Visit) -> None:
    t = widget.t
    await widget.composer.fill("A draft that is rather long and needs more than one line " * 3)
    await visit("draft")
    await widget.composer.fill("x" * 4001)
    await expect(widget.panel.locator(".counter-over")).to_be_visible()
    await visit("too long")
    await widget.composer.fill("")
    emoji = widget.panel.get_by_role("button", name=t("emoji"), exact=True)
    if await emoji.is_visible():  # phones have them on the keyboard
        await emoji.click()
        await expect(widget.panel.locator(".emoji-one").first).to_be_visible()
        await visit("emoji")
        await widget.page.keyboard.press("Escape")
    for text in ("Hello, is the green tea here?", LONG):
        await widget.say(text)
    await expect(widget.status()).to_have_text(t("sent"))
    await visit("sent")
    await line.cut(RESTARTING)
    await widget.say(RTL)
    await expect(widget.status()).to_have_text(t("waiting"))
    await expect(widget.notice).to_have_text(t("link.reconnecting_unsent", count=1))
    await visit("offline")
    line.mend()
    await expect(widget.notice).to_have_count(0, timeout=30_000)
    await expect(widget.status()).to_have_text(t("sent"))
    await fail(widget)
    await visit("failed")
    await widget.log.get_by_role("button", name=t("delete")).click()


async def fail(widget: Widget) -> None:
    """With a character that no store takes and no keyboard writes."""
    await widget.composer.evaluate(
        "(field) => { field.value = 'nul \\u0000 inside';"
        " field.dispatchEvent(new InputEvent('input', { bubbles: true })); }"
    )
    await widget.composer.press("Enter")
    await expect(widget.log.locator(".failed")).to_be_visible()


async def talk(widget: Widget, ann: Wire, visit: Visit) -> None:
    chat = await newest(ann)
    await take(ann, chat)
    await expect(widget.log).to_contain_text(ANN_NAME)
    await ann.send({"t": "typing", "conversation": chat, "on": True})
    await expect(widget.log.locator(".typing")).to_be_visible()
    await visit("typing")
    for number, text in enumerate(ANSWERS):
        said = {"t": "send", "conversation": chat, "text": text}
        await ann.ask({**said, "client_id": f"{chat}-{number}"})
    await expect(widget.message("long?q=1")).to_be_visible()
    await visit("answered")
    await widget.log.evaluate("log => { log.scrollTop = 0; }")
    await expect(widget.panel.locator(".pill")).to_be_visible()
    await visit("scrolled back")
    await widget.panel.locator(".pill").click()
    await quote(widget, visit)
    await look_around(widget, visit)


async def quote(widget: Widget, visit: Visit) -> None:
    # By keys: it shows where a mouse is, above its message.
    await widget.log.get_by_role("button", name=widget.t("reply")).last.press("Enter")
    await expect(widget.panel.get_by_role("button", name=widget.t("quote.cancel"))).to_be_visible()
    await visit("quoting")
    await widget.say("This one, please")
    await expect(widget.status()).to_have_text(widget.t("sent"))
    await visit("quoted")


async def look_around(widget: Widget, visit: Visit) -> None:
    """The menu, and the list of earlier chats."""
    words = Words("after", widget.t.language)
    await widget.panel.get_by_role("button", name=widget.t("menu"), exact=True).click()
    past = widget.panel.get_by_role("button", name=words("menu.past"))
    await expect(past).to_be_visible()
    await visit("menu")
    await past.click()
    await expect(widget.panel.get_by_role("heading", name=words("past.title"))).to_be_visible()
    await visit("past")
    back = widget.panel.get_by_role("button", name=words("past.back"))
    await widget.panel.locator(".past .after-entry").first.click()
    await expect(widget.panel.locator(".past-lines")).to_contain_text(ANSWERS[0][:10])
    await visit("reading")
    await back.click()
    await expect(widget.panel.get_by_role("heading", name=words("past.title"))).to_be_visible()
    await back.click()
    await expect(past).to_have_count(0)


async def take(ann: Wire, chat: str) -> None:
    head = await ann.ask({"t": "thread", "conversation": chat})
    known = {"conversation": chat, "expect_seq": head["ok"]["seq"]}
    taken = await ann.ask({"t": "assign", "agent": ann.welcome["you"]["id"], **known})
    assert "ok" in taken, taken


async def newest(ann: Wire) -> str:
    """The chat that waits, as the agent's list tells it."""
    while True:
        frame: dict[str, Any] = await ann.until("inbox")
        for row in frame["rows"]:
            if row.get("phase") == "queued" and RTL[:10] in str(row):
                found: str = row["conversation"]
                return found
