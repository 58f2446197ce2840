"""The main story in WebKit, Safari's engine, where the machine has one.

Its driver does not look into the closed shadow root where the panel is. So keys are pressed, as a
person does who sees where the cursor blinks, and the page's own events tell what came of it.
"""

from pathlib import Path

import pytest

from tests.support.flow import stored_messages
from tests.support.hostile import Hosts
from tests.support.webdriver import WebDriver, open_webkit, webkit

pytestmark = [pytest.mark.webkit, pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# From the lower right corner.
LAUNCHER, FIELD = (48, 48), (330, 128)
# With the visitor's numbers.
SAID = [("Apples here?", 2), ("Pears, then?", 3)]
# With the line for calls that are made before the script has come.
LISTEN = """<script>
  window.ChatWidget ||= (...call) => (ChatWidget.q ||= []).push(call);
  window.told = [];
  for (const name of ["ready", "message"])
    ChatWidget("on", name, (detail) => told.push(`${name} ${detail?.from ?? ""}`.trim()));
</script>"""


async def test_a_visitor_with_webkit_opens_writes_and_comes_back(
    hosts: Hosts, tmp_path: Path
) -> None:
    programs = webkit()
    if programs is None:
        pytest.skip("no WebKit on this machine")
    address = hosts.show(LISTEN + hosts.tag(), path="/webkit")
    async with open_webkit(programs, tmp_path) as browser:
        await visit(browser, address)
        await click(browser, *LAUNCHER)
        await write(browser, "Apples here?")
        await visit(browser, address)  # and the panel is open, as it was left
        await write(browser, "Pears, then?")
    stored = await stored_messages(hosts.service)
    # The third fact follows on the second: it is the same conversation.
    assert [one for one in stored if one in SAID] == SAID


async def visit(browser: WebDriver, address: str) -> None:
    await browser.open(address)
    await browser.until("document.querySelector('chat-widget')")


async def write(browser: WebDriver, text: str) -> None:
    await browser.until("told.includes('ready')")
    await click(browser, *FIELD)
    await browser.type(f"{text}\ue007")
    await browser.until("told.includes('message visitor')")


async def click(browser: WebDriver, right: int, bottom: int) -> None:
    """So many pixels from the lower right corner."""
    x, y = [await browser.evaluate(f"inner{side}") for side in ("Width", "Height")]
    await browser.click(x - right, y - bottom)
