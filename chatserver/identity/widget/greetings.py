"""What the widget says of its own accord: words, when they are shown, and how often. Pure."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatserver.errors import Invalid
from chatserver.identity.widget.checks import Check, each, page_pattern, words
from chatserver.identity.widget.launcher import PATTERN_CHARS

TEXT_CHARS = 300
GREETINGS = 30
# Of pages, languages and attributes of one rule.
CONDITIONS = 20
REFERRER_CHARS = 200
HOUR_SECONDS = 3600
YEAR_DAYS = 365
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")

Pattern = Annotated[str, Meta(max_length=PATTERN_CHARS)]


class Attribute(Struct, frozen=True):
    """What the page says of its visitor with `setAttributes`."""

    name: Annotated[str, Meta(max_length=64)]
    value: Annotated[str, Meta(max_length=REFERRER_CHARS)] = ""


class Rule(Struct, frozen=True):
    """All of it must hold; what has its default is not asked. `visits` and `returning` need
    something kept in the visitor's browser, so without consent they never hold."""

    pages: Annotated[tuple[Pattern, ...], Meta(max_length=CONDITIONS)] = ()
    seconds: Annotated[int, Meta(ge=0, le=HOUR_SECONDS)] = 0
    scroll: Annotated[int, Meta(ge=0, le=100)] = 0
    visits: Annotated[int, Meta(ge=0, le=1000)] = 0
    returning: Literal["any", "new", "returning"] = "any"
    referrer: Annotated[str, Meta(max_length=REFERRER_CHARS)] = ""
    exit_intent: bool = False
    languages: Annotated[tuple[str, ...], Meta(max_length=CONDITIONS)] = ()
    attributes: Annotated[tuple[Attribute, ...], Meta(max_length=CONDITIONS)] = ()


class Greeting(Struct, frozen=True):
    """`every_days`: to one visitor at most once in so many days; 0: once for ever."""

    id: str
    text: Annotated[str, Meta(max_length=TEXT_CHARS)]
    active: bool = True
    every_days: Annotated[int, Meta(ge=0, le=YEAR_DAYS)] = 0
    rule: Rule = Rule()


class Greetings(Struct, frozen=True):
    """The first of `items` whose rule holds is shown. Who dismissed one is left in peace for
    `pause_days`."""

    items: Annotated[tuple[Greeting, ...], Meta(max_length=GREETINGS)] = ()
    pause_days: Annotated[int, Meta(ge=0, le=YEAR_DAYS)] = 1

    @property
    def active(self) -> tuple[Greeting, ...]:
        return tuple(one for one in self.items if one.active)

    def text_of(self, greeting_id: str) -> str:
        """Empty: there is no such greeting."""
        return next((one.text for one in self.items if one.id == greeting_id), "")


def _greeting(one: Greeting) -> Greeting:
    if not _ID.fullmatch(one.id):
        raise Invalid(fields={"id": "unknown"})
    rule = one.rule
    for at, language in enumerate(rule.languages):
        if not _LANGUAGE.fullmatch(language):
            raise Invalid(fields={f"rule.languages.{at}": "unknown"})
    checked = Rule(
        pages=tuple(page_pattern(page, f"rule.pages.{at}") for at, page in enumerate(rule.pages)),
        seconds=rule.seconds,
        scroll=rule.scroll,
        visits=rule.visits,
        returning=rule.returning,
        referrer=rule.referrer.strip(),
        exit_intent=rule.exit_intent,
        languages=rule.languages,
        attributes=tuple(_attribute(one, at) for at, one in enumerate(rule.attributes)),
    )
    return Greeting(
        id=one.id,
        text=words(one.text, "text", required=True),
        active=one.active,
        every_days=one.every_days,
        rule=checked,
    )


def _attribute(one: Attribute, at: int) -> Attribute:
    return Attribute(
        name=words(one.name, f"rule.attributes.{at}.name", required=True), value=one.value.strip()
    )


def _items(items: tuple[Greeting, ...]) -> tuple[Greeting, ...]:
    clean = each(_greeting)(items)
    ids = [one.id for one in clean]
    if twice := [at for at, one in enumerate(ids) if one in ids[:at]]:
        raise Invalid(fields={f"{twice[0]}.id": "taken"})
    return clean


CHECKS: Mapping[str, Check] = MappingProxyType({"items": _items})
