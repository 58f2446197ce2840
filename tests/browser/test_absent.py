"""The visitor who left: the mail's link, opened in a browser that knows nothing, leads back."""

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect
from sqlalchemy import select

from chatserver.identity.visitor_store import visitors
from chatserver.storage.database import open_database
from tests.support.browser import PHONE, Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_visitor import Widget
from tests.support.browser_words import Words
from tests.support.mail import MailServer, mail_server
from tests.support.running import Running, run_service
from tests.support.tenancy import EXEMPT

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.asyncio(loop_scope="session"),
]

ANN = "ann@teahouse.example"
VERA = "vera@mail.example"


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as opened:
        yield opened


@pytest.fixture
def mailing(tmp_path: Path, server: MailServer) -> Iterator[Running]:
    """The tea shop with a mail server, and little patience."""
    with run_service(
        tmp_path,
        smtp_host="127.0.0.1",
        smtp_port=str(server.port),
        smtp_security="none",
        mail_from="Tea <chat@teahouse.example>",
        absent_mail_seconds="1",
    ) as service:
        yield service


async def leaves_address(service: Running) -> None:
    """The visitor of this installation who came last, other than the demo's, told us an e-mail."""
    database = open_database(service.database)
    try:
        async with database.write() as connection:
            newest = (
                select(visitors.c.id, visitors.c.workspace_id)
                .order_by(visitors.c.created_at.desc())
                .limit(1)
            )
            row = (await connection.execute(newest, execution_options={EXEMPT: True})).one()
            await connection.execute(
                visitors.update()
                .where(visitors.c.id == row.id, visitors.c.workspace_id == row.workspace_id)
                .values(email=VERA)
            )
    finally:
        await database.close()


async def mailed_link(server: MailServer) -> str:
    await server.arrived.wait()
    text = server.mails[-1].get_body(("plain",)).get_content()
    match = re.search(r"http\S+/back/\S+", text)
    assert match, text
    return match[0]


async def test_the_link_of_the_mail_leads_a_fresh_browser_back_into_the_chat(
    browsers: Browsers, mailing: Running, server: MailServer
) -> None:
    async with open_person(browsers.blocking) as agent:
        console = Console(await agent.page(), mailing.origin)
        await console.sign_in(ANN)
        async with open_person(browsers.allowing) as visitor:
            widget = Widget(await visitor.page())
            await widget.page.goto(mailing.shop)
            await widget.open()
            await widget.say("Is the biluochun back?")
            await expect(console.row("biluochun")).to_be_visible()
            await leaves_address(mailing)
        await console.open("biluochun")
        await console.take()
        await console.answer("Yes, since this morning")
        link = await mailed_link(server)
        async with open_person(browsers.blocking, **PHONE) as fresh:
            back = Widget(await fresh.page())
            await back.page.goto(link)
            await expect(back.message("Yes, since this morning")).to_be_visible()
            await expect(back.message("Is the biluochun back?")).to_be_visible()
            assert back.page.url.rstrip("/") == mailing.shop
            await back.say("I take two")
            await expect(console.log).to_contain_text("I take two")
        await is_over(browsers, link, mailing.shop)


async def is_over(browsers: Browsers, link: str, shop: str) -> None:
    """Used once, it says so, and how to go on."""
    t = Words("absent", "zh-CN")
    async with open_person(browsers.blocking, forgives=("410",), locale="zh-CN") as late:
        page = await late.page()
        answer = await page.goto(link)
        assert answer is not None
        assert answer.status == 410
        await expect(page.get_by_role("heading", level=1)).to_have_text(t("absent.over.title"))
        go = page.get_by_role("link", name=t("absent.over.go"))
        await expect(go).to_have_attribute("href", re.compile(re.escape(shop)))
