"""What both wires share: version, limits, small value types and the server's common frames."""

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

# 2 brought the client's ping and the visitor's draft, 3 the quote of a message and ratings.
VERSION = 3

# Checked while decoding: a name or a number that the database cannot take must not reach a batch,
# where it would fail everybody else's commands too.
ConversationId = Annotated[str, Meta(max_length=64, pattern=r"^[!-~]+\Z")]
FileId = Annotated[str, Meta(max_length=64, pattern=r"^[!-~]+\Z")]
Seq = Annotated[int, Meta(ge=0, lt=2**31)]
Position = Annotated[int, Meta(ge=0, lt=2**53)]
Phase = Literal["queued", "active", "closed"]
FactKind = Literal[
    "conversation.opened",
    "conversation.assigned",
    "conversation.unassigned",
    "conversation.closed",
    "conversation.reopened",
    "message.sent",
    "visitor.identified",
    "csat.asked",
    "csat.rated",
    "unknown",
]


class ClientFrame(Struct, tag_field="t", frozen=True, forbid_unknown_fields=True, gc=False):
    """Base of what a client sends. Unknown fields are refused: a typo must not pass in silence."""


class ClientPing(ClientFrame, tag="ping", frozen=True):
    """Are you there? Asked after a page woke up or the network came back."""


class ServerFrame(Struct, tag_field="t", frozen=True, omit_defaults=True, gc=False):
    """Base of what the server sends. Clients ignore fields they do not know."""


class Value(Struct, frozen=True, omit_defaults=True, gc=False):
    """Base of a nested value."""


class Limits(Value, frozen=True):
    """What the server will refuse; clients check the same before they send.

    `files` of a message; none: this server takes none. `file_types` are endings such as `.png`.
    """

    text_chars: int
    frame_bytes: int
    history: int
    files: int = 0
    file_bytes: int = 0
    file_types: list[str] = []


class Author(Value, frozen=True):
    """Who caused a fact. `name` is what this audience may call them; None: nobody told us."""

    kind: Literal["visitor", "agent", "system"]
    id: str | None = None
    name: str | None = None


class Agent(Value, frozen=True):
    id: str
    name: str


class Page(Value, frozen=True):
    """Where the visitor is on the customer's website."""

    url: str
    title: str = ""
    referrer: str = ""


class ChatFile(Value, frozen=True):
    """A file of a message. `type` is a MIME type found by content; pictures alone have a size in
    pixels. Its content is asked for over HTTP, by `id`."""

    id: FileId
    name: str
    type: str
    bytes: int
    width: int | None = None
    height: int | None = None


class Rating(Value, frozen=True):
    """How the visitor found it, from 1 to 5. `reasons` are keys of ours or the site's own words."""

    score: int
    resolved: bool | None = None
    reasons: list[str] = []


class Problem(Value, frozen=True):
    """A typed failure. `code` is stable; `message` is for developers, not for end users. `fields`
    names what is wrong of a form, and why."""

    code: str
    message: str
    temporary: bool = False
    retry_after: float | None = None
    fields: dict[str, str] = {}


class Fact(ServerFrame, tag="fact", frozen=True):
    """One stored thing that happened, numbered for the audience that reads it.

    `text`, `files`, `private` and `quote` (the `seq` of the message it answers) belong to
    message.sent, `agent` to conversation.assigned (the new assignee), `reason` to
    conversation.closed, `rating` to csat.rated, whose comment is `text`. `at` is UTC, ISO 8601.
    `client_id` is present only for the author's own facts. `unknown` is what a newer server has
    stored: it counts and says nothing.
    """

    conversation: ConversationId
    seq: int
    kind: FactKind
    author: Author = field(name="from")
    at: str
    text: str | None = None
    files: list[ChatFile] = []
    private: bool = False
    quote: Seq | None = None
    agent: Agent | None = None
    reason: str | None = None
    client_id: str | None = None
    rating: Rating | None = None


class Ok(Value, frozen=True):
    """The good half of a reply; which fields are present depends on the request.

    open, assign, close, reopen, ask_rating: conversation, seq · send, rate: client_id,
    conversation, seq, at, duplicate · history: conversation, facts, more · thread: conversation,
    seq, and the missing facts follow as `facts` frames · refresh: token.
    """

    conversation: ConversationId | None = None
    seq: int | None = None
    client_id: str | None = None
    at: str | None = None
    duplicate: bool = False
    facts: list[Fact] | None = None
    more: bool = False
    token: str | None = None


class Reply(ServerFrame, tag="reply", frozen=True):
    """The answer to the request with this id: exactly one of `ok` and `error`."""

    id: int
    ok: Ok | None = None
    error: Problem | None = None


class Error(ServerFrame, tag="error", frozen=True):
    """A failure that belongs to no request: a frame that could not be read."""

    error: Problem


class Facts(ServerFrame, tag="facts", frozen=True):
    """Catch-up, in order. `more`: another frame of this catch-up follows."""

    conversation: ConversationId
    facts: list[Fact]
    more: bool = False


class Signal(ServerFrame, tag="signal", frozen=True):
    """Droppable news: somebody types. It expires after 6 s unless repeated. `draft`: what a visitor
    has written so far, for agents, where the site shares it."""

    conversation: ConversationId
    author: Author = field(name="from")
    on: bool
    kind: Literal["typing"] = "typing"
    draft: str | None = None


class Ping(ServerFrame, tag="ping", frozen=True):
    """Are you there? `head`: last seq of the visitor's conversation; agents: the log position."""

    head: int = 0


class ServerPong(ServerFrame, tag="pong", frozen=True):
    """The answer to a client's ping, with the head that our own pings carry."""

    head: int = 0


class Reset(ServerFrame, tag="reset", frozen=True):
    """Your copy cannot go on: drop it (of one conversation, or all) and take what follows."""

    epoch: str
    conversation: ConversationId | None = None


class Expiring(ServerFrame, tag="expiring", frozen=True):
    """The token or session ends in so many seconds. Many: it was renewed, nothing is to be done."""

    seconds: int = field(name="in")


class Drain(ServerFrame, tag="drain", frozen=True):
    """This node is about to stop, or has too much to do to let you in; reconnect after the delay.
    Never a URL."""

    reconnect_in_ms: int
