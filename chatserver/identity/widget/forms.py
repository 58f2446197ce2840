"""What visitors are asked before a chat, and when nobody is there to chat with. Pure."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatserver.errors import Invalid
from chatserver.identity.widget.checks import Check, each, web_link, words

LABEL_CHARS = 80
OPTION_CHARS = 60
OPTIONS = 20
# A form that asks for more is one that nobody fills in.
FIELDS = 12
TEXT_CHARS = 200
LINK_CHARS = 300
VERSION_CHARS = 40

Kind = Literal["name", "email", "phone", "topic", "text", "choice", "multiline", "checkbox"]
# What a person has once; its key is its kind, and the widget has words for it.
PERSONAL = ("name", "email", "phone", "topic")
CHOICES = ("topic", "choice")
_KEY = re.compile(r"[a-z][a-z0-9_]{0,29}")

Option = Annotated[str, Meta(max_length=OPTION_CHARS)]


class Field(Struct, frozen=True):
    """`label` may be empty where the widget has words of its own; `options` belong to choices."""

    key: str
    kind: Kind
    label: Annotated[str, Meta(max_length=LABEL_CHARS)] = ""
    required: bool = False
    options: Annotated[tuple[Option, ...], Meta(max_length=OPTIONS)] = ()


class ConsentTo(Struct, frozen=True):
    """What the visitor agrees to. Without a `version` nothing is asked; a new one asks anew."""

    text: Annotated[str, Meta(max_length=TEXT_CHARS)] = ""
    link: Annotated[str, Meta(max_length=LINK_CHARS)] = ""
    version: Annotated[str, Meta(max_length=VERSION_CHARS)] = ""


class Forms(Struct, frozen=True):
    """`before`: `fields` are asked for before a first chat, once. `offline`: where nobody is there
    a message form takes the place of the chat; its answer goes to the visitor's address."""

    before: bool = False
    fields: Annotated[tuple[Field, ...], Meta(max_length=FIELDS)] = (
        Field("name", "name"),
        Field("email", "email", required=True),
    )
    offline: bool = False
    consent: ConsentTo = ConsentTo()


def _field(field: Field) -> Field:
    label = words(field.label)
    options = tuple(filter(None, map(words, field.options)))
    if field.kind in PERSONAL and field.key != field.kind:
        raise Invalid(fields={"key": "unknown"})
    if field.kind not in PERSONAL:
        if not _KEY.fullmatch(field.key) or field.key in (*PERSONAL, "consent", "text"):
            raise Invalid(fields={"key": "bad_name"})
        if not label:
            raise Invalid(fields={"label": "required"})
    if field.kind in CHOICES and len(options) < 2:
        raise Invalid(fields={"options": "required"})
    return Field(
        field.key,
        field.kind,
        label,
        field.required,
        options if field.kind in CHOICES else (),
    )


def _fields(fields: tuple[Field, ...]) -> tuple[Field, ...]:
    clean = each(_field)(fields)
    seen: set[str] = set()
    for place, field in enumerate(clean):
        if field.key in seen:
            raise Invalid(fields={f"{place}.key": "taken"})
        seen.add(field.key)
    return clean


def _consent(consent: ConsentTo) -> ConsentTo:
    text, version = words(consent.text), words(consent.version)
    link = web_link(consent.link, "link")
    if version and not text:
        raise Invalid(fields={"text": "required"})
    return ConsentTo(text, link, version)


CHECKS: Mapping[str, Check] = MappingProxyType({"fields": _fields, "consent": _consent})
