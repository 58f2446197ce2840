"""The owner looks after the mail: what is configured, what failed, what an invitation says."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.support.browser import PHONE, Browsers, open_person
from tests.support.browser_agent import Console
from tests.support.browser_fit import check
from tests.support.mail import MailServer, mail_server
from tests.support.running import Running, run_service

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

OWNER = "olivia@teahouse.example"
CALM_MS = 20_000  # a timer of the service rings within a second, a busy machine takes its time


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as opened:
        yield opened


@pytest.fixture
def mailing(tmp_path: Path, server: MailServer) -> Iterator[Running]:
    """The tea shop with a mail server."""
    with run_service(
        tmp_path,
        smtp_host="127.0.0.1",
        smtp_port=str(server.port),
        smtp_security="none",
        mail_from="Tea <chat@teahouse.example>",
    ) as service:
        yield service


async def mail_screen(console: Console) -> Page:
    await console.sign_in(OWNER)
    await console.go("mail")
    heading = console.page.get_by_role("heading", name=console.t("mail.title"), level=1)
    await expect(heading).to_be_visible()
    return console.page


async def test_a_test_mail_is_followed_until_it_is_sent(
    browsers: Browsers, mailing: Running, server: MailServer
) -> None:
    server.recipients[:] = ["550 no such mailbox"]
    async with open_person(browsers.blocking) as owner:
        console = Console(await owner.page(), mailing.origin)
        page, t = await mail_screen(console), console.t
        await page.get_by_role("button", name=t("mail.test")).click()
        await expect(page.get_by_text("550 no such mailbox")).to_be_visible(timeout=CALM_MS)
        await check(page, "a failure")
        await page.get_by_role("button", name=t("mail.retry.label", to=OWNER)).click()
        sent = page.get_by_role("listitem").get_by_text(t("mail.sent"), exact=True)
        await expect(sent).to_be_visible(timeout=CALM_MS)
        assert [str(found["To"]) for found in server.mails] == [OWNER]


async def test_an_invitation_says_that_it_was_mailed(
    browsers: Browsers, mailing: Running, server: MailServer
) -> None:
    async with open_person(browsers.blocking) as owner:
        console = Console(await owner.page(), mailing.origin)
        await console.sign_in(OWNER)
        await console.go("people")
        page, t = console.page, console.t
        await page.get_by_role("button", name=t("people.invite")).click()
        await page.get_by_label(t("people.email")).fill("bo@new.example")
        await page.get_by_role("button", name=t("people.invite.make")).click()
        told = t("people.link.mailed", email="bo@new.example")
        await expect(page.get_by_text(told)).to_be_visible()
        link = await page.get_by_label(t("people.link"), exact=True).input_value()
        await server.arrived.wait()
        body = server.mails[0].get_body(("plain",))
        assert body is not None
        assert link in body.get_content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{}, PHONE], ids=["desk", "phone"])
async def test_without_a_server_the_screen_says_so(
    browsers: Browsers, demo: Running, scheme: str, size: dict[str, object]
) -> None:
    looks = size | {"color_scheme": scheme, "reduced_motion": "reduce"}
    async with open_person(browsers.blocking, **looks) as owner:
        console = Console(await owner.page(), demo.origin)
        page = await mail_screen(console)
        await expect(page.get_by_text(console.t("mail.off"))).to_be_visible()
        await check(page, "mail")
