"""What a content security policy lets a page do, as browsers read it. Pure; no more of CSP than
our snippet meets."""

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from chatserver.features.sitecheck.model import Tag

SCRIPT = ("script-src-elem", "script-src", "default-src")
FRAME = ("frame-src", "child-src", "default-src")
CONNECT = ("connect-src", "default-src")
_SOURCE = re.compile(r"(?:([a-z][a-z0-9+.-]*)://)?([^/:]+|\[[^\]]*\])(?::(\*|\d+))?(/.*)?", re.I)
_PORTS = {"http": "80", "https": "443"}


def split_policies(values: Iterable[str]) -> list[str]:
    """Header values may hold several, by commas; each of them must allow."""
    return [policy.strip() for value in values for policy in value.split(",") if policy.strip()]


def governing(policy: str, names: tuple[str, ...]) -> tuple[str, list[str]] | None:
    """The first of these directives that is there, with its sources; None: nothing is forbidden.
    Of two directives of one name the first counts."""
    found: dict[str, list[str]] = {}
    for part in policy.split(";"):
        words = part.split()
        if words:
            found.setdefault(words[0].lower(), words[1:])
    return next(((name, found[name]) for name in names if name in found), None)


def allows(sources: list[str], address: str, page_origin: str) -> bool:
    return any(_matches(source, address, page_origin) for source in sources)


def allows_script(sources: list[str], tag: Tag, page_origin: str) -> bool:
    """By its nonce or hash; by its address only where no `strict-dynamic` puts that out of use."""
    if tag.nonce and f"'nonce-{tag.nonce}'" in sources:
        return True
    if any(f"'{digest}'" in sources for digest in tag.integrity.split()):
        return True
    return not is_strict(sources) and allows(sources, tag.src, page_origin)


def is_strict(sources: list[str]) -> bool:
    """Whether addresses are not looked at."""
    return "'strict-dynamic'" in (source.lower() for source in sources)


def _matches(source: str, address: str, page_origin: str) -> bool:
    lower = source.lower()
    url, page = urlsplit(address), urlsplit(page_origin)
    if lower == "'self'":
        return (url.scheme, url.netloc) == (page.scheme, page.netloc)
    if lower == "*":
        return url.scheme in _PORTS
    if re.fullmatch(r"[a-z][a-z0-9+.-]*:", lower):
        return _same_scheme(lower[:-1], url.scheme)
    parts = _SOURCE.fullmatch(source)
    if lower.startswith("'") or parts is None:
        return False
    scheme, host, port, path = parts.groups()
    return (
        _same_scheme((scheme or page.scheme).lower(), url.scheme)
        and _same_host(host.lower(), (url.hostname or "").lower())
        and _same_port(port, (scheme or page.scheme).lower(), url.scheme, url.port)
        and _same_path(path or "", url.path)
    )


def _same_scheme(said: str, real: str) -> bool:
    """A policy that says http also means https."""
    return said == real or (said, real) == ("http", "https")


def _same_host(said: str, real: str) -> bool:
    if said.startswith("*."):
        return real.endswith(said[1:])
    return said in ("*", real, f"[{real}]")


def _same_port(said: str | None, said_scheme: str, scheme: str, real: int | None) -> bool:
    port = str(real) if real else _PORTS.get(scheme, "")
    if said is None:
        return port == _PORTS.get(scheme, "")
    is_raised = said == "80" and said_scheme == "http" and port == "443"
    return said in ("*", port) or is_raised


def _same_path(said: str, real: str) -> bool:
    if said in ("", "/"):
        return True
    return real.startswith(said) if said.endswith("/") else real == said
