"""The customiser's stage: greeting, forms, rating and the question for consent stand beside what
is being changed, played by the real widget, which keeps nothing and tells nobody."""

import pytest
from playwright.async_api import Page, Request, expect

from tests.support.browser import Browsers
from tests.support.browser_customiser import customising
from tests.support.browser_words import Words
from tests.support.running import Running

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# The next news comes twice, and the second time in the moment in which the browser has fetched the
# widget of the first one, but has had no time to spare for it yet.
TWICE = """
() => {
  const { requestIdleCallback: idle } = window;
  const held = [];
  let news = null;
  window.requestIdleCallback = (work) => {
    held.push(work);
    if (held.length === 1) setTimeout(again);
    if (held.length < 2) return;
    window.requestIdleCallback = idle;
    held[0]();
    setTimeout(held[1], 100);
  };
  const again = () => {
    const { data, origin, source } = news;
    const next = { data: { ...data, round: 2 }, origin, source };
    dispatchEvent(new MessageEvent("message", next));
  };
  addEventListener("message", (event) => { news ??= event; });
}
"""


async def test_a_greeting_stands_beside_its_words_while_they_are_written(
    browsers: Browsers, demo: Running
) -> None:
    async with customising(browsers, demo, "Lamps that greet") as screen:
        page, t = screen.page, screen.t
        told = count_reports(page)
        await screen.section("greeting.title")
        await expect(screen.launcher).to_be_visible()
        await page.get_by_role("button", name=t("greeting.add")).click()
        for number, words in ((1, "Which lamp is it?"), (2, "Shall we help?")):
            if number > 1:
                await page.get_by_role("button", name=t("greeting.add")).click()
            await page.get_by_label(t("greeting.text", number=number)).fill(words)
            await expect(screen.card).to_have_text(words)
        await page.get_by_label(t("greeting.text", number=1)).focus()
        await expect(screen.card).to_have_text("Which lamp is it?")
        await screen.card.evaluate("(card) => { card.id = 'the-same'; }")
        await page.get_by_label(t("greeting.text", number=1)).fill("Which lamp, please?")
        await expect(screen.card).to_have_text("Which lamp, please?")
        await expect(screen.card).to_have_id("the-same")
        await screen.card.click()
        await expect(screen.panel.get_by_text("Which lamp, please?")).to_be_visible()
        await screen.console.button("widget.stage.again").click()
        await expect(screen.card).to_have_text("Which lamp, please?")
        await screen.console.go("inbox")
        assert told == [], "what is done on a stage counts nowhere"


async def test_forms_stand_beside_their_questions_while_they_are_made(
    browsers: Browsers, demo: Running
) -> None:
    forms = Words("forms", "en")
    async with customising(browsers, demo, "Lamps that ask") as screen:
        page, t, panel = screen.page, screen.t, screen.panel
        await screen.section("forms.title")
        await page.get_by_role("button", name=t("forms.add")).click()
        question = page.get_by_role("textbox", name=t("forms.label"), exact=True).last
        await question.fill("Which room?")
        await page.get_by_role("switch", name=t("forms.before")).click()
        before = panel.get_by_role("form", name=forms("before"))
        await expect(before.get_by_label("Which room?")).to_be_visible()
        await question.fill("Which house?")
        await expect(before.get_by_label("Which house?")).to_be_visible()
        await page.get_by_role("switch", name=t("forms.offline")).click()
        offline = panel.get_by_role("form", name=forms("offline"))
        await expect(offline.get_by_label(forms("message"))).to_be_visible()
        await page.get_by_role("switch", name=t("forms.offline")).click()
        await expect(before.get_by_label("Which house?")).to_be_visible()


async def test_the_rating_and_the_question_for_consent_stand_beside_their_settings(
    browsers: Browsers, demo: Running
) -> None:
    words = Words("after", "en")
    async with customising(browsers, demo, "Lamps that count") as screen:
        page, t, panel = screen.page, screen.t, screen.panel
        await screen.section("widget.rating")
        await expect(screen.seen("rating")).to_be_visible()
        for score, word in enumerate(("Dark", "Dim", "Dusk", "Clear", "Bright"), start=1):
            await page.get_by_label(t("widget.rating.word", score=score)).fill(word)
        await expect(screen.seen("rating")).to_contain_text("Bright")
        await panel.get_by_role("radio").last.check(force=True)
        await panel.get_by_role("button", name=words("rating.send")).click()
        thanks = panel.get_by_role("status").filter(has_text=words("rating.thanks"))
        await expect(thanks).to_contain_text("Bright")
        await screen.section("widget.consent")
        await expect(screen.seen("talk")).to_have_count(0)
        await page.get_by_label(t("widget.consent.required"), exact=True).click()
        await expect(screen.seen("consent")).to_be_visible()
        await page.get_by_label(t("widget.consent.link")).fill("https://lamps.example/privacy")
        await expect(panel.get_by_role("link")).to_have_attribute(
            "href", "https://lamps.example/privacy"
        )
        await screen.section("widget.rating")
        await expect(screen.seen("rating")).to_be_visible()


async def test_the_stage_is_lit_as_its_toolbar_says_whatever_computer_it_stands_on(
    browsers: Browsers, demo: Running
) -> None:
    async with customising(browsers, demo, "Lamps by night") as screen:
        await screen.page.emulate_media(color_scheme="dark")
        root = screen.panel.locator("html")
        await expect(root).to_have_attribute("data-scheme", "light")
        await screen.page.get_by_title(screen.t("widget.stage.dark")).click()
        await expect(root).to_have_attribute("data-scheme", "dark")


async def test_the_stage_keeps_nothing_in_the_owners_browser(
    browsers: Browsers, demo: Running
) -> None:
    async with customising(browsers, demo, "Lamps that forget") as screen:
        await screen.section("widget.consent")
        await screen.page.get_by_label(screen.t("widget.consent.granted"), exact=True).click()
        await screen.play("talk")
        # It plays beside the owner's work, and takes the focus from nobody.
        await expect(screen.scene).to_be_focused()
        await screen.console.go("inbox")
        kept = await screen.page.evaluate("Object.keys({ ...localStorage, ...sessionStorage })")
        assert [name for name in kept if name.startswith("chat-widget.")] == []


async def test_what_changes_while_the_stage_is_built_is_played(
    browsers: Browsers, demo: Running
) -> None:
    async with customising(browsers, demo, "Lamps in haste") as screen:
        (stage,) = [frame for frame in screen.page.frames if "/preview/stage" in frame.url]
        await stage.evaluate(TWICE)
        await screen.play("talk")


async def test_the_stage_plays_the_server_and_leaves_nothing(
    browsers: Browsers, demo: Running
) -> None:
    async with customising(browsers, demo, "Lamps on stage") as screen:
        sockets = count_sockets(screen.page)
        field = screen.panel.get_by_role("textbox")
        await field.fill("Is anybody there?")
        await field.press("Enter")
        await expect(screen.panel.get_by_text("🙂", exact=True)).to_be_visible()
        assert not [url for url in sockets if "/ws/visitor" in url]
        await screen.console.go("inbox")
        await expect(screen.console.inbox).to_be_visible()
        await expect(screen.console.row("Is anybody there?")).to_have_count(0)


def count_sockets(page: Page) -> list[str]:
    opened: list[str] = []
    page.on("websocket", lambda socket: opened.append(socket.url))
    return opened


def count_reports(page: Page) -> list[str]:
    """What the widget tells of its greetings."""
    told: list[str] = []

    def look(request: Request) -> None:
        if request.method == "POST" and "/widget/greetings" in request.url:
            told.append(request.url)

    page.on("request", look)
    return told
