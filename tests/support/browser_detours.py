"""The states of the panel that only some visitors meet: consent, forms, a greeting, the news of a
closed panel, the transcript by mail, a panel inside a page; `visit` is told where we are."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from playwright.async_api import expect

from chatserver.clock import SystemClock
from tests.support.browser import Person
from tests.support.browser_visitor import Widget
from tests.support.browser_words import Words
from tests.support.running import Running
from tests.support.sockets import Frame, Staff, Wire, open_agent, open_staff
from tests.support.website import WebPage, Website

OWNER = "olivia@teahouse.example"
ANN = "ann@teahouse.example"
PRIVACY = "https://lamps.example/privacy"
HELLO = "Questions about lamps? We are here, and a human answers."
FORMS = {
    "before": True,
    "fields": [
        {"key": "name", "kind": "name"},
        {"key": "email", "kind": "email", "required": True},
        {"key": "phone", "kind": "phone"},
        {"key": "topic", "kind": "topic", "required": True, "options": ["Orders", "Returns"]},
        {"key": "size", "kind": "multiline", "label": "Size of the room"},
        {"key": "gift", "kind": "checkbox", "label": "It is a gift"},
    ],
    "consent": {"text": "I agree to the privacy policy", "link": PRIVACY, "version": "1"},
}
# What the browser prints of a page without a picture of its own, and of a wrong address.
NOISE = ("favicon", "400")
NO_CONSENT = {"text": "", "link": "", "version": ""}
VIEWPORT = '<meta name="viewport" content="width=device-width">'
# As much of everything as the customiser takes.
FULL = {
    "corners": "round",
    "welcome": "Welcome to Donaudampfschifffahrtselektrizitätenhauptbetriebswerk & Sons!",
    "team": [{"name": name} for name in ("Ann Lindgren", "周明", "Åse Ødegård", "Sam", "נועה")],
}
SHOP = {
    "name": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "color": "#f5c518",
    "position": "left",
    "greeting": "Lamps since 1897, and everything that belongs to them.\n" + "lumière" * 12,
}
GREETING = {"items": [{"id": "g1", "text": HELLO, "rule": {"seconds": 0}}]}

Visit = Callable[[Widget, str], Awaitable[None]]
# A service that says it can mail; nothing is sent here.
MAILING = {
    "smtp_host": "127.0.0.1",
    "smtp_port": "9",
    "smtp_security": "none",
    "mail_from": "Tea <chat@teahouse.example>",
}


@dataclass
class Detours:
    """Each on a page and a site of its own, all in one language."""

    service: Running
    website: Website
    person: Person
    language: str
    visit: Visit

    async def take(self) -> None:
        async with open_staff(self.service, OWNER) as owner:
            for detour in (
                self._consent,
                self._before,
                self._offline,
                self._greeting,
                self._inline,
                self._full_page,
                self._dressed,
                self._news,
            ):
                await detour(owner)

    async def _come(
        self,
        owner: Staff,
        body: str = "",
        attributes: str = "",
        hours: Frame | None = None,
        shop: Frame | None = None,
        **settings: Any,
    ) -> Widget:
        """A visitor on a page of a new site with these settings."""
        home = self.website.origin("lamps")
        named = {"name": "Lamps & Sons", "origins": [home], **(shop or {})}
        site = await owner.post("/api/sites", named)
        await owner.patch(f"/api/sites/{site['id']}/widget", {"version": 0, **settings})
        if hours:
            await owner.put(f"/api/sites/{site['id']}/hours", {"version": 0, **hours})
        tag = f'<script async src="{self.service.origin}/widget.js" data-site="{site["key"]}"'
        self.website.pages["/"] = WebPage(
            f'<!doctype html><html lang="en">{VIEWPORT}<title>Lamps</title>'
            f"<main><h1>Lamps</h1>{body}</main>"
            f"{tag} {attributes}></script>"
        )
        widget = Widget(await self.person.page(), self.language)
        await widget.page.goto(home)
        return widget

    async def _consent(self, owner: Staff) -> None:
        rules = {"mode": "required", "link": PRIVACY}
        widget = await self._come(owner, consent=rules)
        await widget.launcher.click()
        await expect(widget.panel.get_by_role("link")).to_have_attribute("href", PRIVACY)
        await self.visit(widget, "consent")
        await widget.panel.locator(".consent-agree").click()
        await expect(widget.composer).to_be_visible()

    async def _before(self, owner: Staff) -> None:
        words = Words("forms", self.language)
        widget = await self._come(owner, forms=FORMS)
        await widget.launcher.click()
        form = widget.panel.get_by_role("form", name=words("before"))
        await expect(form).to_be_visible()
        await self.visit(widget, "form")
        await form.get_by_role("button", name=words("start")).click()
        await expect(form.get_by_text(words("wrong.consent"))).to_be_visible()
        await self.visit(widget, "form wrong")

    async def _offline(self, owner: Staff) -> None:
        words = Words("forms", self.language)
        forms = {"offline": True, "consent": NO_CONSENT}
        widget = await self._come(owner, hours=closed_for_days(), forms=forms)
        await widget.launcher.click()
        form = widget.panel.get_by_role("form", name=words("offline"))
        await expect(form).to_be_visible()
        await self.visit(widget, "form offline")
        await form.get_by_label(words("email")).fill("vera@lamps.example")
        await form.get_by_label(words("message")).fill("Which lamp is for a hall?")
        await form.get_by_role("button", name=words("submit")).click()
        await expect(widget.status()).to_have_text(widget.t("sent"))
        await self.visit(widget, "message left")

    async def _greeting(self, owner: Staff) -> None:
        widget = await self._come(owner, greetings=GREETING)
        await expect(widget.page.locator("chat-greeting")).to_contain_text(HELLO)
        dismiss = Words("launcher", self.language)("launcher.dismiss")
        await expect(widget.page.get_by_role("button", name=dismiss)).to_be_visible()
        await self.visit(widget, "greeting")
        await widget.page.locator("chat-greeting .words").click()
        await expect(widget.log).to_contain_text(HELLO)
        await self.visit(widget, "greeted")

    async def _inline(self, owner: Staff) -> None:
        box = '<div id="chat" style="block-size: 500px; max-inline-size: 500px"></div>'
        widget = await self._come(owner, box, attributes='data-inline="#chat"')
        await expect(widget.composer).to_be_visible()
        await self.visit(widget, "inline")

    async def _full_page(self, owner: Staff) -> None:
        widget = await self._come(owner)
        key = await widget.page.locator("script[data-site]").get_attribute("data-site")
        await widget.page.goto(f"{self.service.origin}/chat/{key}?lang={self.language}")
        await expect(widget.page.get_by_role("textbox", name=widget.t("compose"))).to_be_visible()
        await expect(widget.page.get_by_role("button", name=widget.t("attach"))).to_be_visible()
        await self.visit(widget, "full page")

    async def _dressed(self, owner: Staff) -> None:
        widget = await self._come(owner, shop=SHOP, looks=FULL)
        await widget.open()
        await expect(widget.panel.get_by_role("button", name=widget.t("attach"))).to_be_visible()
        await self.visit(widget, "dressed")

    async def _news(self, owner: Staff) -> None:
        """And what the menu offers who has a chat."""
        words = Words("after", self.language)
        widget = await self._come(owner)
        await widget.open()
        await widget.say("Is anybody there?")
        await expect(widget.status()).to_have_text(widget.t("sent"))
        await widget.panel.get_by_role("button", name=widget.t("menu"), exact=True).click()
        await widget.panel.get_by_role("button", name=words("menu.mail")).click()
        await expect(widget.panel.get_by_role("textbox", name=words("mail.to"))).to_be_focused()
        await self.visit(widget, "mail")
        await widget.page.keyboard.type("vera at home")
        await widget.page.keyboard.press("Enter")
        await expect(widget.panel.get_by_text(words("mail.wrong"))).to_be_visible()
        await self.visit(widget, "mail wrong")
        await widget.page.keyboard.press("Escape")
        await widget.page.keyboard.press("Escape")
        await expect(widget.composer).to_be_hidden()
        async with open_agent(self.service, ANN) as ann:
            await _answer(ann, "Is anybody there?", "Yes: which lamp do you look at? " * 6)
        await expect(widget.panel.locator(".peek")).to_be_visible()
        await expect(widget.launcher).to_have_accessible_name(re.compile("1$"))
        await self.visit(widget, "peek")


def closed_for_days() -> Frame:
    """Hours of a site that opens again on one day, not soon."""
    day = (SystemClock().now() + timedelta(days=9)).date()
    opening = {"date": day.isoformat(), "hours": [["09:00", "17:00"]], "name": ""}
    return {"zone": "UTC", "always": False, "week": [[]] * 7, "workdays": [opening]}


async def _answer(ann: Wire, asked: str, text: str) -> None:
    chat = None
    while chat is None:
        rows = (await ann.until("inbox"))["rows"]
        queued = [row for row in rows if row.get("phase") == "queued" and asked in str(row)]
        chat = queued[0]["conversation"] if queued else None
    head = await ann.ask({"t": "thread", "conversation": chat})
    known = {"conversation": chat, "expect_seq": head["ok"]["seq"]}
    await ann.ask({"t": "assign", "agent": ann.welcome["you"]["id"], **known})
    said = {"t": "send", "conversation": chat, "text": text, "client_id": f"{chat}-a"}
    assert "ok" in await ann.ask(said)
