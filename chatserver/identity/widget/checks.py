"""What sections have in common when they are written: a check answers the clean value, or raises
Invalid with the field that is wrong, "" being the value itself. Pure."""

import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from chatserver.errors import Invalid
from chatserver.identity.words import one_line

T = TypeVar("T")
Check = Callable[[Any], Any]

_AGENT = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PICTURE = re.compile(r"[a-z2-7]{26}")
_ASCII = bytes(range(0x21, 0x7F))
_PAGE = re.compile(r"(?:/|\*|https?://)[!-~]*")


def each(check: Callable[[T], T]) -> Callable[[tuple[T, ...]], tuple[T, ...]]:
    """The check for a list of what `check` is for."""

    def checked(values: tuple[T, ...]) -> tuple[T, ...]:
        clean: list[T] = []
        problems: dict[str, str] = {}
        for place, value in enumerate(values):
            try:
                clean.append(check(value))
            except Invalid as error:
                problems |= {joined(str(place), name): why for name, why in error.fields.items()}
        if problems:
            raise Invalid(fields=problems)
        return tuple(clean)

    return checked


def words(text: str, field: str = "", *, required: bool = False) -> str:
    """On one line, without invisible characters. How long it may be, its type says."""
    clean = one_line(text, len(text))
    if required and not clean:
        raise Invalid(fields={field: "required"})
    return clean


def web_link(text: str, field: str = "") -> str:
    """Empty: no link. Nothing that a browser would run."""
    link = text.strip()
    if link and urlsplit(link).scheme not in ("https", "http"):
        raise Invalid(fields={field: "not_a_link"})
    return link


def picture_id(text: str, field: str = "") -> str:
    """Empty: no picture."""
    if text and not _PICTURE.fullmatch(text):
        raise Invalid(fields={field: "unknown"})
    return text


def agent_id(text: str, field: str = "") -> str:
    """Empty: nobody. One who is not there (any more) is nobody too."""
    if text and not _AGENT.fullmatch(text):
        raise Invalid(fields={field: "unknown"})
    return text


def page_pattern(text: str, field: str = "") -> str:
    """A path or an address, `*` for anything, percent-encoded as browsers have it."""
    pattern = quote(text.strip(), safe=_ASCII)
    if not pattern:
        raise Invalid(fields={field: "required"})
    if not _PAGE.fullmatch(pattern):
        raise Invalid(fields={field: "not_a_page"})
    return pattern


def joined(*names: str) -> str:
    """The path of a field: `looks.team.0.name`."""
    return ".".join(name for name in names if name)
