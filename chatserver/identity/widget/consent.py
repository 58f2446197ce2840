"""When the widget may keep something in a visitor's browser. Pure."""

from typing import Literal

from msgspec import Struct


class Consent(Struct, frozen=True):
    """`on-open`: from the moment the visitor opens the chat. `granted`: the site's owner answers
    for it from the first page on. `required`: only after the page called `consent`."""

    mode: Literal["required", "on-open", "granted"] = "on-open"
