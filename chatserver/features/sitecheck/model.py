"""What is found on a page: the snippets in it, and what is right or wrong. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from msgspec import Struct


class Level(StrEnum):
    OK = "ok"
    WARN = "warn"
    BAD = "bad"


class Finding(Struct, frozen=True, omit_defaults=True):
    """`code` is said in words by the console, with `about` filled in."""

    code: str
    level: Level
    about: Mapping[str, str] = {}


class Tag(Struct, frozen=True):
    """A script element that could be ours; `src` is whole."""

    src: str
    site: str
    nonce: str = ""
    integrity: str = ""


class Page(Struct, frozen=True):
    """What a browser would get: where it ended up, its policies, its scripts."""

    address: str
    policies: tuple[str, ...]
    tags: tuple[Tag, ...]

    @property
    def origin(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"


def read_page(address: str, text: str, header_policies: tuple[str, ...]) -> Page:
    reader = _Reader(address)
    reader.feed(text)
    return Page(address, (*header_policies, *reader.policies), tuple(reader.tags))


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__()
        self._base = address
        self._has_base = False
        self.policies: list[str] = []
        self.tags: list[Tag] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "base" and "href" in values and not self._has_base:
            self._base, self._has_base = _whole(self._base, values["href"]), True
        elif tag == "meta" and values.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(values.get("content", ""))
        elif tag == "script" and ("data-site" in values or "widget" in values.get("src", "")):
            src = _whole(self._base, values.get("src", ""))
            site, nonce = values.get("data-site", ""), values.get("nonce", "")
            self.tags.append(Tag(src, site, nonce, values.get("integrity", "")))


def _whole(base: str, address: str) -> str:
    try:
        return urljoin(base, address.strip())
    except ValueError:
        return ""
