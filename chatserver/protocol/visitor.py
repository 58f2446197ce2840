"""The visitor's wire: what a widget may send and what it may ever see."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chatserver.protocol.shared import (
    ClientFrame,
    ClientPing,
    ConversationId,
    Drain,
    Error,
    Expiring,
    Fact,
    Facts,
    FileId,
    Limits,
    Page,
    Phase,
    Ping,
    Problem,
    Reply,
    Reset,
    Seq,
    ServerFrame,
    ServerPong,
    Signal,
    Value,
)


class Resume(Struct, frozen=True, forbid_unknown_fields=True):
    """What the client already holds: everything up to `seq` of this life of the database."""

    conversation: ConversationId
    epoch: str
    seq: Seq


class Form(Struct, frozen=True, forbid_unknown_fields=True):
    """What the visitor said of themselves before writing. Shown as unverified. `answers` go by the
    keys of the site's fields; `consent` is the version that was agreed to; `offline`: it is the
    form for a message that nobody is there to take."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    answers: dict[str, str] = {}
    consent: str | None = None
    offline: bool = False


class Hello(ClientFrame, tag="hello", frozen=True):
    """The first frame. `ticket` comes with the frame page; `token` says who came back, `identity`
    is the site's signed word for who that is (docs/identity.md)."""

    v: int
    site: str
    ticket: str
    tab: str
    token: str | None = None
    resume: Resume | None = None
    page: Page | None = None
    locale: str | None = None
    identity: str | None = None


class Open(ClientFrame, tag="open", frozen=True):
    """Start a conversation or continue the open one; repeating it changes nothing. `greeting`: the
    id of the one that led to it."""

    id: int
    client_id: str
    form: Form | None = None
    greeting: str = ""


class Send(ClientFrame, tag="send", frozen=True):
    """`files` were uploaded before; with them the text may be empty. `quote`: the `seq` of the
    message it answers."""

    id: int
    conversation: ConversationId
    client_id: str
    text: str
    files: list[FileId] = []
    quote: Seq | None = None


class History(ClientFrame, tag="history", frozen=True):
    """Facts before or after a seq, at most `limit`; without either the newest ones."""

    id: int
    conversation: ConversationId
    before: Seq | None = None
    after: Seq | None = None
    limit: int = 50


class Read(ClientFrame, tag="read", frozen=True):
    conversation: ConversationId
    seq: Seq


class Typing(ClientFrame, tag="typing", frozen=True):
    """`draft`: what is written so far, only where the welcome said that drafts are shared."""

    conversation: ConversationId
    on: bool
    draft: str | None = None


class PageView(ClientFrame, tag="page", frozen=True):
    """The visitor moved within a single-page site."""

    url: str
    title: str = ""


class Close(ClientFrame, tag="close", frozen=True):
    """The visitor ends the chat."""

    id: int
    conversation: ConversationId
    expect_seq: Seq


Score = Annotated[int, Meta(ge=1, le=5)]
Reason = Annotated[str, Meta(min_length=1, max_length=60)]


class Rate(ClientFrame, tag="rate", frozen=True):
    """How it was. `client_id` is new for each rating; a later one replaces an earlier one."""

    id: int
    conversation: ConversationId
    client_id: str
    score: Score
    resolved: bool | None = None
    reasons: Annotated[list[Reason], Meta(max_length=8)] = []
    comment: str = ""


class Refresh(ClientFrame, tag="refresh", frozen=True):
    """Swap the token for a new one; the old one stays valid until the new one was used."""

    id: int
    token: str


class Describe(ClientFrame, tag="describe", frozen=True):
    """What the page says of its visitor, without a signature: agents see it as unverified. In
    `attributes` null takes one away; what is not named stays."""

    id: int
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    attributes: dict[str, object] = {}


class Pong(ClientFrame, tag="pong", frozen=True):
    """Answer to a ping; `seen` is the last seq this client has applied."""

    seen: Seq | None = None


class Bye(ClientFrame, tag="bye", frozen=True):
    """The visitor closed the page on purpose."""


ClientMessage = (
    Hello
    | Open
    | Send
    | History
    | Read
    | Typing
    | PageView
    | Close
    | Rate
    | Refresh
    | Describe
    | ClientPing
    | Pong
    | Bye
)


class You(Value, frozen=True):
    """`verified`: a customer whom the site vouched for, on every browser."""

    id: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    verified: bool = False


class Head(Value, frozen=True):
    """The visitor's current conversation. `read` is the visitor's own read mark, `agent_read`
    the furthest mark of any agent, both in the visitor's numbers."""

    id: ConversationId
    seq: int
    phase: Phase
    read: int = 0
    agent_read: int = 0


class FormField(Value, frozen=True):
    """A field to fill in. Without a `label` the client has words of its own for its kind."""

    key: str
    kind: Literal["name", "email", "phone", "topic", "text", "choice", "multiline", "checkbox"]
    label: str = ""
    required: bool = False
    options: list[str] = []


class FormConsent(Value, frozen=True):
    """What the visitor has to agree to, with the version to send back."""

    text: str
    version: str
    link: str = ""


class FormAsk(Value, frozen=True):
    """What is still to be asked of this visitor. `mails`: answers are sent to their address when
    they are not here."""

    fields: list[FormField] = []
    consent: FormConsent | None = None
    mails: bool = False


Availability = Literal["online", "offline"]


class Welcome(ServerFrame, tag="welcome", frozen=True):
    """The session stands. `token` is new and must be kept; absent: keep the one you have.
    `drafts`: agents see what the visitor writes before it is sent; say so before sharing it.
    `identity`: why the one of the hello was not believed; `you` is who came without it. `before`:
    what to ask before a chat may begin; `offline`: what to ask for a message while nobody is there,
    instead of a chat. `next_opening`: the site is closed by its hours until then."""

    v: int
    session: str
    you: You
    epoch: str
    now: str
    ping: int
    limits: Limits
    availability: Availability
    next_opening: str | None = None
    conversation: Head | None = None
    token: str | None = None
    drafts: bool = False
    identity: Problem | None = None
    before: FormAsk | None = None
    offline: FormAsk | None = None


class State(ServerFrame, tag="state", frozen=True):
    """Absolute values, harmless to repeat. kind `read`: `conversation`, `seq` (agents have read so
    far) · `seen`: `conversation`, `seq` (the visitor has, in another tab) · `availability`:
    `availability`, `next_opening` (as in the welcome, from now on) · `conversation`: another tab
    opened `conversation`, its facts follow · `drafts`: `drafts` (likewise)."""

    kind: Literal["read", "seen", "availability", "conversation", "drafts"]
    conversation: ConversationId | None = None
    seq: int | None = None
    availability: Availability | None = None
    next_opening: str | None = None
    drafts: bool | None = None


ServerMessage = (
    Welcome
    | Reply
    | Error
    | Fact
    | Facts
    | State
    | Signal
    | Ping
    | ServerPong
    | Reset
    | Expiring
    | Drain
)
