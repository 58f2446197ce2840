"""What a page tells of its visitor beyond name and address: few, short, flat. Pure."""

import re
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from chatserver.errors import Invalid
from chatserver.identity.words import one_line

NAME_CHARS = 40
VALUE_CHARS = 500
_NAME = re.compile(r"[\w][\w .:-]*", re.UNICODE)
_MOST = 2**53

Value = str | int | float | bool
Attributes = dict[str, Value]


class AttributeLimits(Struct, frozen=True):
    """How many a visitor may have, and how many bytes of JSON they may be together."""

    count: int
    bytes: int


def check_attributes(given: object, limits: AttributeLimits) -> Attributes:
    """The attributes in a form that can be stored and shown. Raises Invalid, naming each wrong one
    as `attributes.NAME`."""
    if not isinstance(given, Mapping):
        raise Invalid(fields={"attributes": "not_an_object"})
    if len(given) > limits.count:
        raise Invalid(fields={"attributes": "too_many"})
    problems = {
        f"attributes.{str(name)[:NAME_CHARS]}": why
        for name, value in given.items()
        if (why := _wrong(name, value))
    }
    if problems:
        raise Invalid(fields=problems)
    clean = {name: _clean(value) for name, value in given.items()}
    if len(msgspec.json.encode(clean)) > limits.bytes:
        raise Invalid(fields={"attributes": "too_long"})
    return clean


def merged(
    before: Attributes, changes: Mapping[str, object], limits: AttributeLimits
) -> Attributes:
    """What was known with what is said now; null takes one away. Raises Invalid."""
    removed = {name for name, value in changes.items() if value is None}
    said = {name: value for name, value in changes.items() if value is not None}
    kept = {name: value for name, value in before.items() if name not in removed}
    return check_attributes(kept | said, limits)


def _wrong(name: object, value: object) -> str | None:
    if not isinstance(name, str) or len(name) > NAME_CHARS or not _NAME.fullmatch(name):
        return "bad_name"
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return None if abs(value) < _MOST else "out_of_range"  # nan and infinity are not below it
    if not isinstance(value, str):
        return "not_a_value"
    return "too_long" if len(value) > VALUE_CHARS else None


def _clean(value: Value) -> Value:
    return one_line(value, VALUE_CHARS) if isinstance(value, str) else value
