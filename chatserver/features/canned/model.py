"""What a canned reply is and which words it may hold. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Annotated

from msgspec import Meta, Struct

from chatserver.errors import Invalid

SHORTCUT_CHARS = 32
TITLE_CHARS = 100
TEXT_CHARS = 4000
# The console holds all of a workspace's replies in memory to answer each key stroke after `/`;
# 1,000 of the longest are 4 MB. Nobody remembers more shortcuts than that.
PER_WORKSPACE = 1000

# The fixed map is the whole template language: nothing is ever evaluated, and what is not a plain
# `{{name}}` or `{{name|fallback}}` stays the text it is. The console fills them in at insertion.
VARIABLES = frozenset({"visitor.name", "visitor.email", "agent.name", "site.name"})
_VARIABLE = re.compile(r"\{\{\s*([\w.]+)\s*(?:\|[^{}]*)?\}\}", re.ASCII)


class Draft(Struct, frozen=True):
    """What a person writes."""

    shortcut: str
    title: str
    text: str


class CannedReply(Struct, frozen=True):
    """A stored draft. `version` counts its changes: who saves must have seen the newest."""

    id: str
    workspace_id: str
    shortcut: str
    title: str
    text: str
    version: int
    created_at: datetime
    created_by: str
    updated_at: datetime
    updated_by: str


class Place(Struct, frozen=True, array_like=True):
    """Where a list goes on: rank and folded shortcut of the last reply shown."""

    rank: Annotated[int, Meta(ge=0, le=9)]
    shortcut: str


def fold(text: str) -> str:
    """The same key for letters that differ in case or width only, as `ＨＩ` and `hi`."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded).replace("\0", "")


def checked(draft: Draft) -> Draft:
    """The draft as it is stored. Raises Invalid with every field that is wrong."""
    tidy = Draft(
        shortcut=unicodedata.normalize("NFKC", draft.shortcut).strip(),
        title=" ".join(draft.title.split()),
        text=draft.text.replace("\r\n", "\n").replace("\r", "\n").strip(),
    )
    fields = {name: code for name, code in _problems(tidy).items() if code}
    if fields:
        raise Invalid("the canned reply cannot be saved like this", fields=fields)
    return tidy


def _problems(draft: Draft) -> Mapping[str, str | None]:
    return MappingProxyType(
        {
            "shortcut": _length(draft.shortcut, SHORTCUT_CHARS) or _shortcut(draft.shortcut),
            "title": _length(draft.title, TITLE_CHARS) or _characters(draft.title),
            "text": _length(draft.text, TEXT_CHARS)
            or _characters(draft.text)
            or _variables(draft.text),
        }
    )


def _length(value: str, most: int) -> str | None:
    if not value:
        return "required"
    return "too_long" if len(value) > most else None


def _shortcut(value: str) -> str | None:
    """Letters with their marks, digits, `-` and `_`: what can be typed in one go after `/`."""
    fine = all(char in "-_" or unicodedata.category(char)[0] in "LMN" for char in value)
    return None if fine else "not_a_shortcut"


def _characters(value: str) -> str | None:
    """Control characters and half surrogates: no database column and no screen takes them well."""
    bad = any(unicodedata.category(char) in ("Cc", "Cs") for char in value if char not in "\n\t")
    return "bad_text" if bad else None


def _variables(text: str) -> str | None:
    unknown = any(match[1] not in VARIABLES for match in _VARIABLE.finditer(text))
    return "unknown_variable" if unknown else None
