"""A customer's website that makes it hard for the chat, and the site it belongs to."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.support.browser import Person, open_person
from tests.support.browser_visitor import Widget
from tests.support.running import Running
from tests.support.sockets import open_staff
from tests.support.website import WebPage, Website, run_website

OWNER = "olivia@teahouse.example"
# Names for one web server: browsers take them for two sites, one with a sub-domain.
NAMES = ("lamps", "help.lamps", "chairs")


@dataclass
class Hosts:
    """`keys` are two sites of the chat, both at home on the website."""

    service: Running
    website: Website
    keys: tuple[str, str]

    @property
    def chat(self) -> str:
        return self.service.origin

    def tag(self, attributes: str = "", *, key: str = "") -> str:
        site = key or self.keys[0]
        return (
            f'<script async src="{self.chat}/widget.js" data-site="{site}" {attributes}></script>'
        )

    def show(self, body: str, *, path: str = "/", headers: Mapping[str, str] | None = None) -> str:
        """Puts a page on the website; answers its address."""
        html = f'<!doctype html><html lang="en"><title>Lamps</title>{body}'
        self.website.pages[path] = WebPage(html, headers or {})
        return self.website.origin("lamps") + path


@asynccontextmanager
async def open_hosts(service: Running) -> AsyncIterator[Hosts]:
    with run_website() as website:
        origins = [website.origin(name) for name in NAMES]
        async with open_staff(service, OWNER) as staff:
            made = [
                await staff.post("/api/sites", {"name": n, "origins": origins, "color": "#7a1f5c"})
                for n in ("Lamps", "Chairs")
            ]
        yield Hosts(service, website, (made[0]["key"], made[1]["key"]))


@asynccontextmanager
async def visiting(
    browser: Browser, address: str, *, forgives: tuple[str, ...] = (), **options: Any
) -> AsyncIterator[Widget]:
    """Somebody on that page. What the page itself breaks may be forgiven, nothing else."""
    async with open_person(browser, forgives=forgives, **options) as person:
        yield await arrive(person, address)


async def arrive(person: Person, address: str) -> Widget:
    page = await person.page()
    await page.goto(address)
    return Widget(page)


async def chats(widget: Widget, text: str = "Does it hum?") -> None:
    """The story that must work everywhere: open, write, sent, close."""
    await widget.open()
    await widget.say(text)
    await expect(widget.status()).to_have_text(widget.t("sent"))
    await widget.launcher.click()
    await expect(widget.composer).to_be_hidden()


async def on_top(page: Page) -> bool:
    """Whether a finger on the launcher meets the launcher."""
    return bool(
        await page.evaluate(
            """() => {
              const host = document.querySelector("chat-widget");
              const { x, y, width, height } =
                host.shadowRoot.querySelector("button").getBoundingClientRect();
              return document.elementFromPoint(x + width / 2, y + height / 2) === host;
            }"""
        )
    )
