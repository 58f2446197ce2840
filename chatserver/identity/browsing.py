"""What a browser says of itself and of the page it is on, cut to what an agent needs. Pure."""

import re
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

from ua_parser import parse

from chatserver.identity.words import one_line
from chatserver.protocol.shared import Page

URL_CHARS = 2000
TITLE_CHARS = 300
LABEL_CHARS = 64
# Real ones have 80 to 250 characters. The parser's time grows with the length: 4 µs a character.
AGENT_CHARS = 400
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")
# Browsers froze these versions for privacy: to show them would be to state what we do not know.
_FROZEN = {"Mac OS X": "macOS", "Linux": "Linux", "Chrome OS": "ChromeOS"}


@lru_cache(maxsize=1000)
def browser_and_system(user_agent: str | None) -> tuple[str | None, str | None]:
    """As "Chrome 141" and "Windows 10/11"; None for what is not known."""
    found = parse((user_agent or "")[:AGENT_CHARS])
    browser = found.user_agent and _label(found.user_agent.family, found.user_agent.major)
    system = found.os and _system(found.os.family, found.os.major)
    return browser or None, system or None


def _system(family: str, major: str | None) -> str:
    if family in _FROZEN:
        return _FROZEN[family]
    if family == "Windows" and major == "10":
        return "Windows 10/11"
    return _label(family, major)


def _label(family: str, major: str | None) -> str:
    return one_line(f"{family} {major or ''}", LABEL_CHARS)


def page_columns(page: Page | None) -> dict[str, str | None]:
    """The visitor's columns for a page; empty without one, so that nothing is overwritten."""
    url = page and web_address(page.url)
    if page is None or not url:
        return {}
    columns = {"page_url": url, "page_title": one_line(page.title, TITLE_CHARS) or None}
    referrer = web_address(page.referrer)
    return columns | ({"referrer": referrer} if referrer else {})


def web_address(text: str) -> str | None:
    """An http(s) address without user and password, or None. A long one loses its query first."""
    try:
        parts = urlsplit(text.strip()[: URL_CHARS * 4])
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    where = f"[{host}]" if ":" in host else host
    where = f"{where}:{port}" if port else where
    whole = _visible(urlunsplit(parts._replace(netloc=where)))
    short = whole if len(whole) <= URL_CHARS else _visible(f"{parts.scheme}://{where}{parts.path}")
    return short if len(short) <= URL_CHARS else None


def _visible(url: str) -> str:
    """One line without invisible characters, which could hide where an address leads."""
    return one_line(url, URL_CHARS * 4)


def locale_tag(text: str | None) -> str | None:
    """A language tag as `zh-CN`, or None."""
    return text if text and _LOCALE.fullmatch(text) else None
