"""What agents are shown of a person. Pure."""

from datetime import datetime

from msgspec import Struct

from chatserver.identity.attributes import Attributes


class CustomerCard(Struct, frozen=True):
    """All of it was signed by the site."""

    external_id: str
    name: str | None
    email: str | None
    phone: str | None
    attributes: Attributes
    since: datetime
    identified_at: datetime


class Chat(Struct, frozen=True):
    """A conversation of theirs. `text` is its last message, cut."""

    conversation: str
    site: str
    phase: str
    opened_at: datetime
    closed_at: datetime | None
    text: str


class Answer(Struct, frozen=True):
    """To a field of the site's forms. `label` is empty where everybody has words for it."""

    key: str
    label: str
    value: str


class PersonCard(Struct, frozen=True):
    """A visitor: `name`, `email`, `phone`, `attributes` and `answers` are their own words unless
    the customer has the same."""

    id: str
    name: str | None
    email: str | None
    phone: str | None
    attributes: Attributes
    answers: list[Answer]
    consent_version: str | None
    consent_at: datetime | None
    customer: CustomerCard | None
    chats: list[Chat]
