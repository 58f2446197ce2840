"""Whether a screen of the console suits everybody: axe finds nothing, nothing is wider than it."""

from playwright.async_api import Page

from tests.support.browser_axe import violations

OVERFLOW = """
() => [...document.querySelectorAll("main, main > *")]
  .map((element) => element.scrollWidth - element.clientWidth)
  .reduce((most, one) => Math.max(most, one), 0)
"""


async def check(page: Page, name: str) -> None:
    found = await violations(page)
    assert found == [], f"{name}:\n" + "\n".join(found)
    assert await page.evaluate(OVERFLOW) == 0, f"{name} is wider than the screen"
