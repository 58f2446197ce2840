"""The button in the corner: where it stands, on which pages, with which sign and words. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatserver.identity.widget.checks import Check, each, page_pattern, words

LABEL_CHARS = 40
PATTERN_CHARS = 200
# Each page of the site tries them one after the other, and all travel with each config.
PAGE_RULES = 30
# Beyond that the button is no longer in the corner of any screen.
OFFSET_PIXELS = 400


class PageRule(Struct, frozen=True):
    """`page` is a path such as `/cart*` or a whole address, `*` stands for anything."""

    page: Annotated[str, Meta(max_length=PATTERN_CHARS)]
    show: bool = False


Offset = Annotated[int, Meta(ge=0, le=OFFSET_PIXELS)]


class Launcher(Struct, frozen=True):
    """Pixels from the edges; the side is the site's `position`. The first of `pages` that fits
    decides, and where none fits the launcher is shown, or hidden with `elsewhere`."""

    offset_side: Offset = 20
    offset_bottom: Offset = 20
    icon: Literal["chat", "question", "wave"] = "chat"
    label: Annotated[str, Meta(max_length=LABEL_CHARS)] = ""
    phone: Literal["show", "hide"] = "show"
    pages: Annotated[tuple[PageRule, ...], Meta(max_length=PAGE_RULES)] = ()
    elsewhere: Literal["show", "hide"] = "show"


def _page_rule(rule: PageRule) -> PageRule:
    return PageRule(page=page_pattern(rule.page, "page"), show=rule.show)


CHECKS: Mapping[str, Check] = MappingProxyType({"label": words, "pages": each(_page_rule)})
