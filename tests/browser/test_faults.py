"""Two people, two browsers, and everything that goes wrong between them: at each step both screens
say what is true, nobody is locked out, and in the end both show the same, once and in order."""

import asyncio
import json
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import CDPSession, Locator, Page, WebSocketRoute, expect

from tests.support.browser import Browsers, Person, open_person
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.proxy import Proxy, Way, open_proxy
from tests.support.running import PASSWORD, Running, reserved_port, run_service

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]

ANN = "ann@teahouse.example"
# A client that hears nothing asks after 10 s, and waits up to 5 s between two tries.
BACK_MS = 30_000
# What Chromium itself writes to its console while nobody answers.
NOBODY_THERE = (
    "ERR_CONNECTION",
    "WebSocket connection",
    "ERR_SOCKET",
    "ERR_EMPTY_RESPONSE",
    "ERR_INTERNET_DISCONNECTED",
    "status of 503",
)
QUICK = {"visitor_rate": "1000", "visitor_burst": "1000"}


@dataclass
class Two:
    """A visitor and an agent in the same chat; `said` is what both have seen."""

    visitor: Person
    agent: Person
    widget: Widget
    console: Console
    said: list[str]

    async def agree(self, *more: str) -> None:
        """Both show everything, once and in this order, and nothing is under way or amiss."""
        self.said += more
        await expect(self.widget.texts()).to_have_text(self.said, timeout=BACK_MS)
        for text in self.said:
            shown = self.console.log.get_by_text(text, exact=True)
            await expect(shown).to_have_count(1, timeout=BACK_MS)
        log = await self.console.log.inner_text()
        assert sorted(self.said, key=log.index) == self.said
        await expect(self.widget.notice).to_have_count(0)
        await expect(self.banner).to_have_text("")
        for state in ("waiting", "sending", "failed"):
            await expect(self.widget.log).not_to_contain_text(self.widget.t(state))
            await expect(self.console.log).not_to_contain_text(self.console.t(f"thread.{state}"))

    async def talk(self) -> None:
        """It works again, both ways."""
        number = len(self.said)
        await self.widget.say(f"Back again? {number}")
        await expect(self.console.log).to_contain_text(f"Back again? {number}", timeout=BACK_MS)
        await self.console.answer(f"Yes, back. {number}")
        await self.agree(f"Back again? {number}", f"Yes, back. {number}")

    @property
    def banner(self) -> Locator:
        return (
            self.console.page.locator("main#main").locator("xpath=..").get_by_role("status").first
        )


@asynccontextmanager
async def meet(
    browsers: Browsers,
    service: Running,
    shop: str | None = None,
    *,
    answers: "Answers | None" = None,
) -> AsyncIterator[Two]:
    async with (
        open_person(browsers.allowing, forgives=NOBODY_THERE) as visitor,
        open_person(browsers.blocking, forgives=NOBODY_THERE) as agent,
    ):
        console = Console(await agent.page(), service.origin)
        widget = Widget(await visitor.page())
        if answers:
            await answers.watch(widget.page)
        await console.sign_in(ANN)
        await widget.page.goto(shop or service.shop)
        await widget.open()
        await widget.say("Is anybody there?")
        await console.open("Is anybody there?")
        await console.take()
        await console.answer("I am.")
        two = Two(visitor, agent, widget, console, [])
        await two.agree("Is anybody there?", "I am.")
        yield two


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    with run_service(tmp_path, **QUICK) as service:
        yield service


# The server goes and comes


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["kill", "term"])
async def test_the_server_is_restarted_in_the_middle(
    browsers: Browsers, service: Running, number: signal.Signals
) -> None:
    async with meet(browsers, service) as two:
        widget, console = two.widget, two.console
        await widget.composer.press_sequentially("Half a sen")
        await asyncio.to_thread(service.kill if number is signal.SIGKILL else service.stop)
        await expect(widget.notice).to_have_text(widget.t("link.reconnecting"))
        await expect(two.banner).to_have_text(console.t("link.lost"))
        await expect(widget.composer).to_have_value("Half a sen")
        await widget.composer.press_sequentially("tence")
        await widget.composer.press("Enter")
        await widget.say("And another")
        await expect(widget.status()).to_have_text(widget.t("waiting"))
        await expect(widget.notice).to_have_text(widget.t("link.reconnecting_unsent", count=2))
        await console.answer("From the dark")
        await expect(console.log).to_contain_text(console.t("thread.waiting"))
        await asyncio.to_thread(service.start)
        await expect(widget.texts()).to_have_count(5, timeout=BACK_MS)
        order = await widget.texts().all_inner_texts()
        assert sorted(order[2:]) == ["And another", "From the dark", "Half a sentence"]
        await two.agree(*order[2:])
        assert order.index("Half a sentence") < order.index("And another")
        await expect(widget.status()).to_have_text(widget.t("read"))
        await two.talk()


async def test_a_server_that_hangs_is_noticed_and_nobody_is_locked_out(
    browsers: Browsers, service: Running
) -> None:
    async with meet(browsers, service) as two:
        widget = two.widget
        os.kill(service.pid, signal.SIGSTOP)
        try:
            await widget.say("Do you hear me?")
            await expect(widget.status()).to_have_text(widget.t("sending"))
            await expect(widget.status()).to_have_text(widget.t("waiting"), timeout=BACK_MS)
            await expect(widget.notice).to_have_count(1)
            await widget.composer.press_sequentially("I go on")
            await expect(widget.composer).to_have_value("I go on")
        finally:
            os.kill(service.pid, signal.SIGCONT)
        await two.agree("Do you hear me?")
        await widget.composer.press("Enter")
        await two.agree("I go on")


# The network


@pytest_asyncio.fixture(loop_scope="session")
async def line(tmp_path: Path) -> AsyncIterator[tuple[Running, Proxy]]:
    """The visitor's way to the service leads through a proxy; the agent's does not."""
    with reserved_port() as port:
        async with open_proxy(port) as proxy:
            settings = {
                "public_url": f"http://127.0.0.1:{proxy.port}",
                "console_url": f"http://127.0.0.1:{port}",
            }
            service = Running(tmp_path, port, command="demo", **settings, **QUICK)
            await asyncio.to_thread(service.start)
            try:
                yield service, proxy
            finally:
                await asyncio.to_thread(service.stop)


async def test_what_was_written_without_a_network_goes_out_by_itself(
    browsers: Browsers, line: tuple[Running, Proxy]
) -> None:
    service, proxy = line
    shop = f"http://shop.localhost:{proxy.port}"
    async with meet(browsers, service, shop) as two:
        widget = two.widget
        await two.visitor.context.set_offline(True)
        for pipe in proxy.pipes.values():
            pipe.swallow()
        await expect(widget.notice).to_have_text(widget.t("link.reconnecting"))
        for text in ("One", "Two", "Three"):
            await widget.composer.press_sequentially(text)
            await expect(widget.composer).to_have_value(text)
            await widget.composer.press("Enter")
        await expect(widget.status()).to_have_text(widget.t("waiting"))
        await expect(widget.log.locator(".own .meta-status")).to_have_text(
            [widget.t("read"), *[widget.t("waiting")] * 3]
        )
        await expect(widget.notice).to_have_text(widget.t("link.reconnecting_unsent", count=3))
        await two.console.answer("Where did you go?")
        await two.visitor.context.set_offline(False)
        await two.agree("Where did you go?", "One", "Two", "Three")
        await two.talk()


async def test_an_answer_lost_on_the_way_makes_one_message(
    browsers: Browsers, line: tuple[Running, Proxy]
) -> None:
    service, proxy = line
    shop = f"http://shop.localhost:{proxy.port}"
    async with meet(browsers, service, shop) as two:
        widget, console = two.widget, two.console
        for pipe in proxy.pipes.values():
            pipe.swallow(Way.DOWN)
        await widget.say("Did that arrive?")
        await expect(console.log).to_contain_text("Did that arrive?")  # it did
        await expect(widget.status()).to_have_text(widget.t("sending"))
        await expect(widget.status()).to_have_text(widget.t("read"), timeout=BACK_MS)
        await two.agree("Did that arrive?")
        await two.talk()


# Tabs, sleep, and other places


async def test_two_tabs_that_write_at_once_agree(browsers: Browsers, service: Running) -> None:
    async with meet(browsers, service) as two:
        first, second = two.widget, Widget(await two.visitor.page())
        await second.page.goto(service.shop)
        await second.open()
        await expect(second.texts()).to_have_text(two.said)
        tabs = ((first, "A"), (second, "B"))
        words = {tab: [f"Tab {name} {n}" for n in range(4)] for tab, name in tabs}

        async def write(tab: Widget) -> None:
            for text in words[tab]:
                await tab.say(text)

        await asyncio.gather(*(write(tab) for tab in words))
        await expect(first.texts()).to_have_count(10, timeout=BACK_MS)
        order = await first.texts().all_inner_texts()
        await expect(second.texts()).to_have_text(order)
        await two.agree(*order[2:])
        for mine in words.values():
            assert [text for text in order if text in mine] == mine


async def test_a_laptop_that_slept_wakes_up_to_the_truth(
    browsers: Browsers, tmp_path: Path
) -> None:
    patience = {"ping_seconds": "1", "pong_seconds": "2"}
    with run_service(tmp_path, **QUICK, **patience) as service:
        async with meet(browsers, service) as two:
            widget, console = two.widget, two.console
            asleep = await sleep(widget)
            await expect(console.visitor).to_contain_text(
                console.t("visitor.offline"), timeout=BACK_MS
            )
            await console.answer("Are you still there?")
            await wake(asleep)
            await two.agree("Are you still there?")
            await expect(console.visitor).to_contain_text(console.t("visitor.online"))
            await two.talk()


async def sleep(widget: Widget) -> CDPSession:
    """No timer runs and no frame is read until it wakes. (Chromium's own "frozen" leaves frames of
    other sites awake.)"""
    session = await widget.page.context.new_cdp_session(widget.frame())
    await session.send("Debugger.enable")
    await session.send("Debugger.pause")
    return session


async def wake(session: CDPSession) -> None:
    await session.send("Debugger.disable")
    await session.detach()


async def test_a_session_that_ended_elsewhere_says_so_and_keeps_the_words(
    browsers: Browsers, service: Running
) -> None:
    async with meet(browsers, service) as two:
        console = two.console
        await console.reply.fill("Not quite fin")
        other = Console(await two.agent.page(), service.origin)
        await other.go("")
        await sign_out(other)
        await expect(two.banner).to_have_text(console.t("link.signed_out"))
        await expect(console.reply).to_have_value("Not quite fin")
        await console.reply.press_sequentially("ished")
        await console.page.get_by_role("button", name=console.t("link.signIn")).click()
        await console.page.locator("input[name=email]").fill(ANN)
        await console.page.locator("input[name=password]").fill(PASSWORD)
        await console.page.locator("button[type=submit]").click()
        await console.is_ready()
        await expect(console.reply).to_have_value("Not quite finished")
        await two.talk()


async def sign_out(console: Console) -> None:
    page = console.page
    await page.get_by_role("button", name=console.t("status.menu", name="Ann Lindgren")).click()
    await page.get_by_role("menuitem", name=console.t("nav.signOut")).click()
    await expect(page.locator("input[name=email]")).to_be_visible()


async def test_too_many_tabs_leave_one_in_use_and_none_locked(
    browsers: Browsers, tmp_path: Path
) -> None:
    with run_service(tmp_path, connections_per_visitor="1", **QUICK) as service:
        async with meet(browsers, service) as two:
            first, second = two.widget, Widget(await two.visitor.page())
            await second.page.goto(service.shop)
            await second.open()
            await expect(first.notice).to_contain_text(first.t("link.elsewhere"))
            await first.say("Written in the first tab")
            await expect(first.status()).to_have_text(first.t("waiting"))
            await first.notice.get_by_role("button", name=first.t("link.retry")).click()
            await expect(second.notice).to_contain_text(second.t("link.elsewhere"))
            await two.agree("Written in the first tab")


# What the server says no to


class Answers:
    """Stands between the visitor and the server, and answers some messages with a failure for good:
    so many times each."""

    def __init__(self, refusals: dict[str, int]) -> None:
        self.refused: list[str] = []
        self._left = refusals

    async def watch(self, page: Page) -> None:
        await page.route_web_socket("**/ws/visitor", self._connect)

    def _connect(self, client: WebSocketRoute) -> None:
        server = client.connect_to_server()
        client.on_message(lambda data: self._pass(client, server, data))

    def _pass(self, client: WebSocketRoute, server: WebSocketRoute, data: str | bytes) -> None:
        frame = json.loads(data)
        text = frame.get("text", "")
        if not self._left.get(text):
            server.send(data)
            return
        self._left[text] -= 1
        self.refused.append(text)
        problem = {"code": "internal", "message": "broken"}
        client.send(json.dumps({"t": "reply", "id": frame["id"], "error": problem}))


async def test_what_is_refused_can_be_tried_again_or_deleted(
    browsers: Browsers, service: Running
) -> None:
    answers = Answers({"To be tried again": 2, "To be deleted": 1})
    async with meet(browsers, service, answers=answers) as two:
        widget = two.widget
        failed = widget.log.locator(".failed")
        for count, text in enumerate(("To be tried again", "To be deleted"), 1):
            await widget.say(text)
            await expect(failed).to_have_count(count)
            await expect(failed.filter(has_text=text)).to_contain_text(widget.t("failed"))
        retry, delete = (widget.t(key) for key in ("retry", "delete"))
        await failed.filter(has_text="To be deleted").get_by_role("button", name=delete).click()
        await expect(failed).to_have_count(1)
        await failed.get_by_role("button", name=retry).click()
        await expect(widget.texts()).to_have_text([*two.said, "To be tried again"])
        await expect(failed).to_have_count(1)
        assert answers.refused == ["To be tried again", "To be deleted", "To be tried again"]
        await failed.get_by_role("button", name=retry).click()
        await two.agree("To be tried again")
        await two.talk()


async def test_while_nothing_can_be_stored_both_are_told_and_nobody_waits_in_vain(
    browsers: Browsers, service: Running
) -> None:
    async with meet(browsers, service) as two:
        widget, console = two.widget, two.console
        with closing(sqlite3.connect(service.folder / "chat.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await widget.say("Store this")
            await expect(widget.status()).to_have_text(widget.t("waiting"))
            said = f"{console.t('storage.stopped')} {console.t('storage.locked')}"
            await expect(two.banner).to_have_text(said)
            await expect(widget.notice).to_have_count(0)  # the connection is there
            await widget.composer.press_sequentially("And this")
            await widget.composer.press("Enter")
            await expect(widget.texts()).to_have_text([*two.said, "Store this", "And this"])
            other.execute("ROLLBACK")
        await two.agree("Store this", "And this")
        await two.talk()
