"""The second half of the panel's states: files, what goes wrong with them, the end, the rating."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Route, expect

from tests.support.browser_files import PDF, VisitorFiles, bring, named, png
from tests.support.browser_visitor import Widget
from tests.support.browser_words import Words

Visit = Callable[[str], Awaitable[None]]


async def send_files(widget: Widget, visit: Visit) -> None:
    files = VisitorFiles(widget)
    await files.try_to_attach(named("run.exe", b"MZ"))
    await expect(files.refused).to_be_visible()
    await visit("refused")
    await bring(widget.frame(), "dragenter", "harvest.txt", "tea")
    await expect(widget.panel.locator(".drop-zone")).to_be_visible()
    await visit("dragged over")
    await bring(widget.frame(), "dragleave", "harvest.txt", "tea")
    await expect(widget.panel.locator(".drop-zone")).to_have_count(0)
    await files.attach(
        named("harvest.png", png(), "image/png"),
        named("a rather long name of a paper about tea and its gardens.pdf", PDF),
    )
    await visit("attached")
    await widget.say("With files")
    await expect(files.pictures).to_have_count(1)
    await expect(files.cards).to_have_count(1)
    await expect(files.travelling).to_have_count(0)
    await visit("files")
    # By keys: with large letters something may lie over its middle.
    await widget.panel.locator(".picture-button").press("Enter")
    await expect(files.lightbox).to_be_visible()
    await visit("lightbox")
    await widget.page.keyboard.press("Escape")
    await fail_to_upload(widget, files, visit)


async def fail_to_upload(widget: Widget, files: VisitorFiles, visit: Visit) -> None:
    """A proxy on the way that takes less than we do."""
    await widget.page.route("**/uploads/visitor", refuse)
    await files.attach(named("harvest.pdf", PDF))
    await widget.say("Too much for somebody")
    await expect(widget.log.locator(".failed")).to_be_visible()
    await visit("upload failed")
    await widget.log.get_by_role("button", name=widget.t("delete")).click()
    await expect(widget.log.locator(".failed")).to_have_count(0)
    await widget.page.unroute("**/uploads/visitor", refuse)


async def refuse(route: Route) -> None:
    await route.fulfill(status=413, body="too large")


async def end_and_rate(widget: Widget, visit: Visit) -> None:
    t = widget.t
    question = await widget.ask_to_end()
    await visit("end question")
    await question.get_by_role("button", name=t("end"), exact=True).click()
    await expect(widget.log).to_contain_text(t("ended.you"))
    words = Words("after", t.language)
    rating = widget.panel.get_by_role("form", name=words("rating.ask"))
    await expect(rating).to_be_visible()
    await visit("ended")
    await rating.get_by_role("radio").nth(1).check(force=True)
    await visit("rating")
    await rating.get_by_role("button", name=words("rating.send")).click()
    change = widget.panel.get_by_role("button", name=words("rating.change"))
    await expect(change).to_be_visible()
    await visit("rated")
    await change.click()
    await expect(rating.get_by_role("radio").nth(1)).to_be_checked()
    await visit("rating changed")
