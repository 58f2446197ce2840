"""The console as an agent uses it: sign-in, inbox, thread, composer."""

from playwright.async_api import Locator, Page, expect

from tests.support.browser_words import Words
from tests.support.running import PASSWORD


class Console:
    """One console in one page."""

    def __init__(self, page: Page, origin: str, language: str = "en") -> None:
        self.page = page
        self.origin = origin
        self.t = t = Words("console", language)
        self.inbox = page.get_by_role("region", name=t("inbox.list"), exact=True)
        self.thread = page.get_by_role("region", name=t("thread.label"), exact=True)
        self.log = page.get_by_role("log", name=t("thread.log"))
        self.visitor = page.get_by_role("complementary", name=t("visitor.title"))
        self.reply = page.get_by_role("textbox", name=t("composer.reply.label"))
        self.note = page.get_by_role("textbox", name=t("composer.note.label"))
        self.picker = page.get_by_role("listbox", name=t("canned.title"))
        self.notices = page.get_by_role("alert")

    async def sign_in(self, email: str, password: str = PASSWORD) -> None:
        await self.page.goto(f"{self.origin}/agent/")
        await self.page.locator("input[name=email]").fill(email)
        await self.page.locator("input[name=password]").fill(password)
        await self.page.locator("button[type=submit]").click()
        await self.is_ready()

    async def is_ready(self) -> None:
        await expect(self.page.get_by_role("navigation", name=self.t("nav.label"))).to_be_visible()

    async def go(self, path: str) -> None:
        await self.page.goto(f"{self.origin}/agent/{path}")
        await self.is_ready()

    def row(self, text: str) -> Locator:
        """The chat in the list whose name or last words have this text."""
        return self.inbox.get_by_role("link").filter(has_text=text)

    def button(self, key: str) -> Locator:
        return self.page.get_by_role("button", name=self.t(key), exact=True)

    async def open(self, text: str) -> None:
        await self.row(text).click()
        await expect(self.log).to_be_visible()

    async def take(self) -> None:
        await self.button("thread.take").click()
        await expect(self.thread.get_by_text(self.t("standing.mine"), exact=True)).to_be_visible()

    async def answer(self, text: str) -> None:
        await self.reply.fill(text)
        await self.reply.press("Enter")
        await expect(self.log.get_by_text(text)).to_be_visible()

    async def add_note(self, text: str) -> None:
        await self.button("composer.note").click()
        await self.note.fill(text)
        await self.note.press("Enter")
        await expect(self.log.get_by_text(text)).to_be_visible()

    async def close(self) -> None:
        await self.thread.get_by_role("button", name=self.t("thread.close"), exact=True).click()
        await expect(self.button("thread.reopen").first).to_be_visible()
