"""Two people, two browsers, and everything that goes wrong between them: at each step both screens
say what is true, nobody is locked out, and in the end both show the same, once and in order."""

import asyncio
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.support.browser import Browsers
from tests.support.browser_agent import Console
from tests.support.browser_two import ANN, BACK_MS, Answers, meet, sign_out, sleep, wake
from tests.support.browser_visitor import Widget
from tests.support.flow import QUICK
from tests.support.proxy import Proxy, Way, open_proxy
from tests.support.running import PASSWORD, Running, reserved_port, run_service

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]


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
