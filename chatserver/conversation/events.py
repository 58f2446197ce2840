"""What can happen to a conversation. Only ids, kinds and numbers: words are in the fact's body."""

from typing import get_args

from msgspec import Struct


class Opened(
    Struct,
    frozen=True,
    tag_field="kind",
    tag="conversation.opened",
    omit_defaults=True,
    gc=False,
):
    """A visitor of a site started it. `greeting` is the id of the one that led to it, if one did;
    its words are in the body."""

    site_id: str
    visitor_id: str
    greeting: str = ""


class Quoted(Struct, frozen=True, omit_defaults=True, gc=False):
    """The message that another one answers, in both numberings: `visitor_seq` is None for a note.
    Its words are not repeated here, so that erasing them erases them everywhere."""

    seq: int
    visitor_seq: int | None = None


class MessageSent(
    Struct, frozen=True, tag_field="kind", tag="message.sent", omit_defaults=True, gc=False
):
    """A message to both sides, or with `private` a note that never leaves the agents. `files` are
    ids alone: what they are called is in the body."""

    private: bool = False
    files: tuple[str, ...] = ()
    quote: Quoted | None = None


class Assigned(Struct, frozen=True, tag_field="kind", tag="conversation.assigned", gc=False):
    agent_id: str


class Unassigned(Struct, frozen=True, tag_field="kind", tag="conversation.unassigned", gc=False):
    """Put back into the queue."""


class Closed(Struct, frozen=True, tag_field="kind", tag="conversation.closed", gc=False):
    """`reason`: agent, visitor, idle, or merged: the customer goes on in another conversation."""

    reason: str


class Reopened(
    Struct,
    frozen=True,
    tag_field="kind",
    tag="conversation.reopened",
    omit_defaults=True,
    gc=False,
):
    """`visitor_id` is not there in facts of releases up to 0.1."""

    visitor_id: str = ""


class Identified(Struct, frozen=True, tag_field="kind", tag="visitor.identified", gc=False):
    """Its site vouched for who the visitor is: from now on the conversation is that of
    `visitor_id`, which is the customer on every browser."""

    visitor_id: str
    customer_id: str


class RatingAsked(Struct, frozen=True, tag_field="kind", tag="csat.asked", gc=False):
    """An agent would like to know how it was."""


class Rated(Struct, frozen=True, tag_field="kind", tag="csat.rated", omit_defaults=True, gc=False):
    """The visitor says how it was, from 1 to 5; a later one replaces it. Reasons and comment are
    words: they are in the body."""

    score: int
    resolved: bool | None = None


class Unknown(Struct, frozen=True, tag_field="kind", tag="unknown", gc=False):
    """Something that a newer release has stored. It keeps its numbers, so that nobody's have a
    hole, and says nothing. Never written: the log keeps what it was."""

    is_for_visitors: bool


Known = (
    Opened
    | MessageSent
    | Assigned
    | Unassigned
    | Closed
    | Reopened
    | Identified
    | RatingAsked
    | Rated
)
Event = Known | Unknown


def begins_for(event: Event) -> str | None:
    """The visitor who has something to write in from now on, and perhaps tabs that do not know."""
    return (event.visitor_id or None) if isinstance(event, Opened | Reopened) else None


def kind_of(event: Event) -> str:
    """The stable public name of what happened."""
    return str(event.__struct_config__.tag)


# Of what this release can store, and so can read.
KINDS = frozenset(str(event.__struct_config__.tag) for event in get_args(Known))
