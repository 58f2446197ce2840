"""The chat as a visitor meets it, on any page that carries the snippet."""

from typing import Any

from playwright.async_api import Frame, Locator, Page, WebSocket, expect

from tests.support.browser_words import Words

# Collects every text that the newest own message's status has shown, in order and without repeats.
WATCH_STATUS = """
() => {
  const shown = (window.shownStatus = []);
  const look = () => {
    const text = [...document.querySelectorAll(".own .meta-status")].at(-1)?.textContent;
    if (text && shown.at(-1) !== text) shown.push(text);
  };
  const all = { childList: true, subtree: true, characterData: true };
  new MutationObserver(look).observe(document.body, all);
}
"""
# Collects what live regions say, in the document and in the chat's shadow root: each change of
# one that a reader of screens can reach, whatever its role.
WATCH_VOICE = """
() => {
  const said = (window.said = []);
  const live = ["[aria-live=polite], [aria-live=assertive], [role=status], [role=alert], output"];
  live.push("[role=log]:not([aria-live=off])");
  const look = (changes) => {
    const places = changes.map(({ target }) => target.closest ? target : target.parentElement);
    const regions = new Set(places.map((place) => place?.closest(live.join())).filter(Boolean));
    const come = changes.flatMap(({ addedNodes }) => [...addedNodes]);
    for (const one of come) if (one.matches?.("[role=alert]")) regions.add(one);
    for (const one of regions) if (one.checkVisibility()) said.push(one.textContent);
  };
  const roots = [document, document.querySelector("chat-widget")?.shadowRoot];
  const all = { childList: true, subtree: true, characterData: true };
  for (const root of roots.filter(Boolean)) new MutationObserver(look).observe(root, all);
}
"""
STORAGE = """
() => { try { localStorage.length; return "allowed"; } catch (error) { return error.name; } }
"""


class Widget:
    """One page with the chat on it. The page's closed shadow root must have been opened."""

    def __init__(self, page: Page, language: str = "en") -> None:
        self.page = page
        self.t = Words("widget", language)
        launcher = Words("launcher", language)
        self.open_label, self.close_label = launcher("launcher.open"), launcher("launcher.close")
        self.launcher = page.locator("chat-widget button")
        self.panel = page.frame_locator("chat-widget iframe")
        self.composer = self.panel.get_by_role("textbox", name=self.t("compose"))
        self.log = self.panel.get_by_role("log")
        self.notice = self.panel.locator(".notice")
        self.voice = self.panel.locator("[aria-live=polite].unseen")
        self.sockets: list[WebSocket] = []
        self.heard: list[str] = []
        page.on("websocket", self._remember)

    async def open(self) -> None:
        """Clicks the launcher and waits until the panel is complete."""
        await self.launcher.click()
        await expect(self.composer).to_be_visible()
        await expect(self.log).to_be_visible()

    async def say(self, text: str) -> None:
        await self.composer.fill(text)
        await self.composer.press("Enter")

    async def ask_to_end(self) -> Locator:
        """By the menu. The question that stands there then."""
        await self.panel.get_by_role("button", name=self.t("menu"), exact=True).click()
        await self.panel.get_by_role("button", name=self.t("end"), exact=True).click()
        question = self.panel.get_by_role("group", name=self.t("end.ask"))
        await expect(question).to_be_visible()
        return question

    async def end(self) -> None:
        question = await self.ask_to_end()
        await question.get_by_role("button", name=self.t("end"), exact=True).click()
        await expect(self.log).to_contain_text(self.t("ended.you"))

    def message(self, text: str) -> Locator:
        return self.log.locator(".bubble", has_text=text)

    def texts(self) -> Locator:
        """Every message, oldest first."""
        return self.log.locator(".bubble")

    def status(self) -> Locator:
        """Under the newest own message."""
        return self.log.locator(".own .meta-status").last

    def frame(self) -> Frame:
        """The panel's document, once there is one."""
        return next(frame for frame in self.page.frames if "/frame?" in frame.url)

    async def storage(self) -> str:
        """`allowed`, or the name of the error that touching it throws in the frame."""
        return str(await self.frame().evaluate(STORAGE))

    def _remember(self, socket: WebSocket) -> None:
        self.sockets.append(socket)
        socket.on("framereceived", self._hear)

    def _hear(self, payload: Any) -> None:
        self.heard.append(payload if isinstance(payload, str) else payload.decode())
