"""A customer on two browsers, and on one of them no more."""

from collections.abc import Iterator

import jwt
import pytest
from playwright.async_api import expect

from chatserver.clock import SystemClock
from tests.support.browser import Browsers, open_person, require_browser_and_built_files
from tests.support.browser_visitor import Widget
from tests.support.running import Running, run_service
from tests.support.sockets import Frame, Staff, open_staff, site_key

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OWNER = "olivia@teahouse.example"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A tea shop of this module alone, in which nobody is: its keys are its own."""
    require_browser_and_built_files()
    with run_service(tmp_path_factory.mktemp("identity")) as service:
        yield service


async def shop_of(house: Running, owner: Staff) -> Frame:
    key = await site_key(house)
    (site,) = [s for s in (await owner.get("/api/sites"))["items"] if s["key"] == key]
    return site


async def new_key(house: Running) -> str:
    async with open_staff(house, OWNER) as owner:
        site = await shop_of(house, owner)
        secret: str = (await owner.post(f"/api/sites/{site['id']}/identity-keys"))["secret"]
        return secret


async def come(widget: Widget, house: Running, identity: str | None = None) -> None:
    await widget.page.goto(house.shop)
    await expect(widget.launcher).to_be_visible()
    if identity:
        await widget.page.evaluate("token => window.ChatWidget('identify', token)", identity)
    await widget.launcher.click()


async def test_a_customer_has_one_chat_on_two_browsers_and_leaves_none_behind(
    browsers: Browsers, house: Running
) -> None:
    now = int(SystemClock().now().timestamp())
    claims = {"sub": "1047", "iat": now, "exp": now + 300, "name": "Vera"}
    vera = jwt.encode(claims, await new_key(house))
    async with (
        open_person(browsers.blocking) as phone,
        open_person(browsers.blocking) as laptop,
        open_person(browsers.blocking) as stranger,
    ):
        first, second = Widget(await phone.page()), Widget(await laptop.page())
        await come(first, house, vera)
        await first.say("From my phone")
        await expect(first.log).to_contain_text("From my phone")
        await come(second, house, vera)
        await expect(second.log).to_contain_text("From my phone")
        await second.say("From my laptop")
        await expect(first.log).to_contain_text("From my laptop")
        other = Widget(await stranger.page())
        await come(other, house)
        await expect(other.composer).to_be_visible()
        await expect(other.panel.get_by_text("From my phone")).to_have_count(0)
        # As a website signs out: the page is left before anything could answer.
        frames = "**/frame?*"
        await second.page.route(frames, lambda _route: None)
        await second.page.evaluate("window.ChatWidget('reset')")
        await second.page.goto(house.shop)
        await second.page.unroute(frames)
        await come(second, house)
        await expect(second.composer).to_be_visible()
        await expect(second.panel.get_by_text("From my phone")).to_have_count(0)
