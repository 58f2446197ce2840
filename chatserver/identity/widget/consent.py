"""When the widget may keep something in a visitor's browser, and what to read about it. Pure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatserver.identity.widget.checks import Check, web_link

LINK_CHARS = 300


class Consent(Struct, frozen=True):
    """`on-open`: from the moment the visitor opens the chat. `granted`: the site's owner answers
    for it from the first page on. `required`: only after the visitor agreed; `link` is where they
    read what to."""

    mode: Literal["required", "on-open", "granted"] = "on-open"
    link: Annotated[str, Meta(max_length=LINK_CHARS)] = ""


CHECKS: Mapping[str, Check] = MappingProxyType({"link": web_link})
