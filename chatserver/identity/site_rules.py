"""What may be written of a site. Pure."""

import re
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import UNSET

from chatserver.errors import Invalid
from chatserver.identity.model import SITE_LOCALES, Position, Site, SiteFields
from chatserver.identity.origins import site_origins
from chatserver.identity.words import one_line, person_name

GREETING_CHARS = 300
DEFAULT_COLOR = "#1f6feb"
_COLOR = re.compile(r"#[0-9a-f]{6}")


def changed(site: Site, fields: SiteFields) -> Site:
    """The site with the fields that are set. Raises Invalid with every field that is wrong."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, check in _CHECKS.items():
        value = getattr(fields, name)
        if value is UNSET:
            continue
        try:
            values[name] = check(value)
        except Invalid as error:
            problems |= error.fields
    if problems:
        raise Invalid("the site cannot be saved like this", fields=problems)
    return msgspec.structs.replace(site, **values)


def _color(text: str) -> str:
    color = text.strip().lower()
    if not _COLOR.fullmatch(color):
        raise Invalid(fields={"color": "not_a_colour"})
    return color


def _position(text: str) -> Position:
    if text not in tuple(Position):
        raise Invalid(fields={"position": "unknown"})
    return Position(text)


def _greeting(text: str) -> str:
    greeting = one_line(text, GREETING_CHARS + 1)
    if len(greeting) > GREETING_CHARS:
        raise Invalid(fields={"greeting": "too_long"})
    return greeting


def _locale(text: str) -> str:
    if text not in SITE_LOCALES:
        raise Invalid(fields={"locale": "unknown"})
    return text


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "name": person_name,
    "color": _color,
    "position": _position,
    "greeting": _greeting,
    "locale": _locale,
    "origins": site_origins,
    "enabled": bool,
    "drafts": bool,
}
