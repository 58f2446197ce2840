"""What happens to greetings, and what browsers are told of them. Pure."""

from collections.abc import Mapping
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatserver.identity.widget.greetings import GREETINGS, Greeting, Greetings

Event = Literal["shown", "dismissed", "opened"]
# What one page view can make happen: each greeting once, each event of it once.
MOST_NEWS = GREETINGS * 3


class News(Struct, frozen=True, forbid_unknown_fields=True):
    greeting: Annotated[str, Meta(max_length=64)]
    event: Event


class Beacon(Struct, frozen=True, forbid_unknown_fields=True):
    """What happened on one page, told once when it is left."""

    site: Annotated[str, Meta(max_length=64)]
    news: Annotated[tuple[News, ...], Meta(max_length=MOST_NEWS)]


class Figures(Struct, frozen=True):
    shown: int = 0
    dismissed: int = 0
    opened: int = 0
    chats: int = 0


class PublicRule(Struct, frozen=True, omit_defaults=True):
    """What has its default is not asked, and does not travel."""

    pages: tuple[str, ...] = ()
    seconds: int = 0
    scroll: int = 0
    visits: int = 0
    returning: str = "any"
    referrer: str = ""
    exit_intent: bool = False
    languages: tuple[str, ...] = ()
    attributes: Mapping[str, str] = {}


class PublicGreeting(Struct, frozen=True):
    id: str
    text: str
    every_days: int
    rule: PublicRule


class PublicGreetings(Struct, frozen=True):
    items: tuple[PublicGreeting, ...]
    pause_days: int


def public(greetings: Greetings) -> PublicGreetings:
    items = tuple(_public(one) for one in greetings.active)
    return PublicGreetings(items, greetings.pause_days)


def _public(one: Greeting) -> PublicGreeting:
    rule = one.rule
    return PublicGreeting(
        id=one.id,
        text=one.text,
        every_days=one.every_days,
        rule=PublicRule(
            pages=rule.pages,
            seconds=rule.seconds,
            scroll=rule.scroll,
            visits=rule.visits,
            returning=rule.returning,
            referrer=rule.referrer,
            exit_intent=rule.exit_intent,
            languages=rule.languages,
            attributes={attribute.name: attribute.value for attribute in rule.attributes},
        ),
    )
