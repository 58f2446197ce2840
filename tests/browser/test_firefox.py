"""The main story in Firefox, where the machine has one."""

import pytest

from tests.support.bidi import firefox, open_firefox
from tests.support.hostile import Hosts

pytestmark = [pytest.mark.firefox, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STATUS = "document.querySelector('.own .meta-status')?.textContent"


async def test_a_visitor_with_firefox_opens_writes_and_comes_back(hosts: Hosts) -> None:
    program = firefox()
    if program is None:
        pytest.skip("no Firefox on this machine")
    address = hosts.show(hosts.tag(), path="/firefox")
    async with open_firefox(program) as browser:
        page = await browser.open(address)
        await browser.until(page, "document.querySelector('chat-widget')")
        x, y = [await browser.evaluate(page, f"inner{side} - 48") for side in ("Width", "Height")]
        await browser.click(page, x, y)
        panel = await browser.frame(page)
        # Without a window that somebody looks at it is no `:focus`, but keys go there.
        await browser.until(panel, "document.activeElement?.matches('textarea')")
        await browser.type(panel, "Foxes here?\ue007")
        await browser.until(panel, f"{STATUS} === 'Sent'")
        page = await browser.open(address)
        panel = await browser.frame(page)
        await browser.until(panel, "document.body?.textContent.includes('Foxes here?')")
