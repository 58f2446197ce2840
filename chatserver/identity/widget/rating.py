"""How visitors are asked what they think of a chat. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from msgspec import Meta, Struct

from chatserver.errors import Invalid
from chatserver.identity.widget.checks import Check, each, words

SCORES = 5
WORD_CHARS = 30
REASON_CHARS = 60
REASONS = 8

Words = Annotated[tuple[Annotated[str, Meta(max_length=WORD_CHARS)], ...], Meta(max_length=SCORES)]
Reasons = Annotated[
    tuple[Annotated[str, Meta(max_length=REASON_CHARS)], ...], Meta(max_length=REASONS)
]


class Rating(Struct, frozen=True):
    """`enabled`: after each chat; an agent may ask all the same. `words` are for 1 to 5, reasons
    for scores up to 3 and above; empty: the widget's own."""

    enabled: bool = True
    words: Words = ()
    reasons_low: Reasons = ()
    reasons_high: Reasons = ()


def _all_or_none(given: tuple[str, ...]) -> tuple[str, ...]:
    clean = each(lambda text: words(text, required=True))(given)
    if len(clean) not in (0, SCORES):
        raise Invalid(fields={"": "required"})
    return clean


def _reasons(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each(lambda text: words(text, required=True))(given)))


CHECKS: Mapping[str, Check] = MappingProxyType(
    {"words": _all_or_none, "reasons_low": _reasons, "reasons_high": _reasons}
)
