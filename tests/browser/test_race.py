"""Two agents, one chat."""

from collections.abc import Callable

import pytest
from playwright.async_api import Page, WebSocketRoute, expect

from tests.support.browser import Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ANN, WEI = "Ann Lindgren", "Wei 阿伟"


class Gate:
    """Holds every `assign` that a console sends until there is one of each agent."""

    def __init__(self, agents: int) -> None:
        self._agents = agents
        self._held: list[Callable[[], None]] = []

    async def watch(self, page: Page) -> None:
        await page.route_web_socket("**/ws/agent", self._connect)

    def _connect(self, console: WebSocketRoute) -> None:
        server = console.connect_to_server()
        console.on_message(lambda frame: self._pass(server, frame))

    def _pass(self, server: WebSocketRoute, frame: str | bytes) -> None:
        if '"assign"' not in str(frame):
            server.send(frame)
            return
        self._held.append(lambda: server.send(frame))
        if len(self._held) == self._agents:
            for send in self._held:
                send()


async def test_one_agent_gets_the_chat_and_the_other_is_told(
    browsers: Browsers, demo: Running
) -> None:
    async with (
        open_person(browsers.blocking) as visitor,
        open_person(browsers.blocking) as one,
        open_person(browsers.blocking) as other,
    ):
        ann = Console(await one.page(), demo.origin)
        wei = Console(await other.page(), demo.origin)
        gate = Gate(2)
        for console, email in ((ann, "ann@teahouse.example"), (wei, "wei@teahouse.example")):
            await gate.watch(console.page)
            await console.sign_in(email)
        widget = Widget(await visitor.page())
        await widget.page.goto(demo.shop)
        await widget.open()
        await widget.say("Who of you is quicker?")
        for console in (ann, wei):
            await console.open("Who of you is quicker?")
            await console.button("thread.take").click()
        winner, loser, name = await outcome(ann, wei)
        await expect(loser.page.get_by_text(loser.t("error.conflict"))).to_be_visible()
        await expect(loser.thread).to_contain_text(loser.t("standing.others", name=name))
        await expect(loser.button("thread.take")).to_have_count(0)
        await winner.answer("I was.")
        await expect(widget.message("I was.")).to_be_visible()
        await expect(widget.log.get_by_text(widget.t("joined", name=name))).to_have_count(1)


async def outcome(ann: Console, wei: Console) -> tuple[Console, Console, str]:
    """The one who has it, the one who has not, and the name of the first."""
    won = ann.thread.get_by_text(ann.t("standing.mine"), exact=True)
    lost = ann.thread.get_by_text(ann.t("standing.others", name=WEI))
    await expect(won.or_(lost)).to_be_visible()
    return (ann, wei, ANN) if await won.is_visible() else (wei, ann, WEI)
