"""The agent's wire: one cursor over the inbox, and the threads open on screen."""

from typing import Literal

from msgspec import Struct

from chatserver.protocol.shared import (
    Agent,
    Author,
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
    Position,
    Reply,
    Reset,
    Seq,
    ServerFrame,
    ServerPong,
    Signal,
    Value,
)

AgentStatus = Literal["online", "away", "offline"]
# Whether the server can store; the last five: it cannot.
Storage = Literal["ok", "low", "full", "read_only", "locked", "failing", "away"]
Bus = Literal["ok", "degraded"]


class Resume(Struct, frozen=True, forbid_unknown_fields=True):
    """The inbox cursor: everything up to log `position` of this life of the database."""

    epoch: str
    position: Position


class Hello(ClientFrame, tag="hello", frozen=True):
    """The first frame. `threads` maps each open thread to the last seq held, at most 50."""

    v: int
    ticket: str
    tab: str
    resume: Resume | None = None
    threads: dict[ConversationId, Seq] = {}


class Send(ClientFrame, tag="send", frozen=True):
    """A message to the visitor, or with `private` a note that only agents see. `files` were
    uploaded before; with them the text may be empty. `quote`: the `seq` of the message it
    answers."""

    id: int
    conversation: ConversationId
    client_id: str
    text: str
    private: bool = False
    files: list[FileId] = []
    quote: Seq | None = None


class History(ClientFrame, tag="history", frozen=True):
    """Facts before or after a seq, at most `limit`; without either the newest ones."""

    id: int
    conversation: ConversationId
    before: Seq | None = None
    after: Seq | None = None
    limit: int = 50


class Thread(ClientFrame, tag="thread", frozen=True):
    """Follow one conversation live. With `seq` the facts after it follow, else the newest page."""

    id: int
    conversation: ConversationId
    seq: Seq | None = None


class Unthread(ClientFrame, tag="unthread", frozen=True):
    conversation: ConversationId


class Read(ClientFrame, tag="read", frozen=True):
    conversation: ConversationId
    seq: Seq


class Typing(ClientFrame, tag="typing", frozen=True):
    conversation: ConversationId
    on: bool


class Status(ClientFrame, tag="status", frozen=True):
    id: int
    status: AgentStatus


class Assign(ClientFrame, tag="assign", frozen=True):
    """Take (own id), hand over (another's id) or put back into the queue (no agent)."""

    id: int
    conversation: ConversationId
    expect_seq: Seq
    agent: str | None = None


class Close(ClientFrame, tag="close", frozen=True):
    id: int
    conversation: ConversationId
    expect_seq: Seq


class Reopen(ClientFrame, tag="reopen", frozen=True):
    id: int
    conversation: ConversationId
    expect_seq: Seq


class AskRating(ClientFrame, tag="ask_rating", frozen=True):
    """Ask the visitor how it was."""

    id: int
    conversation: ConversationId


class Pong(ClientFrame, tag="pong", frozen=True):
    """Answer to a ping; `seen` is the last log position this client has applied."""

    seen: Position | None = None


class Bye(ClientFrame, tag="bye", frozen=True):
    """The agent closed the console on purpose."""


ClientMessage = (
    Hello
    | Send
    | History
    | Thread
    | Unthread
    | Read
    | Typing
    | Status
    | Assign
    | Close
    | Reopen
    | AskRating
    | ClientPing
    | Pong
    | Bye
)


class You(Value, frozen=True):
    id: str
    name: str
    role: Literal["owner", "admin", "supervisor", "agent"]


class Welcome(ServerFrame, tag="welcome", frozen=True):
    """The session stands; `inbox` frames up to `position` follow."""

    v: int
    session: str
    you: You
    epoch: str
    now: str
    ping: int
    limits: Limits
    position: int
    status: AgentStatus
    storage: Storage = "ok"
    bus: Bus = "ok"


class Visitor(Value, frozen=True):
    """What agents see beside a chat. Name, e-mail and phone are the visitor's own words but for
    those in `verified`, for which the site vouched. `customer`: whom it vouched for."""

    id: str
    name: str | None = None
    email: str | None = None
    locale: str | None = None
    browser: str | None = None
    system: str | None = None
    page: Page | None = None
    online: bool = False
    first_seen: str | None = None
    phone: str | None = None
    customer: str | None = None
    verified: list[Literal["name", "email", "phone"]] = []


class SiteName(Value, frozen=True):
    id: str
    name: str


class Preview(Value, frozen=True):
    """The last message, cut to 160 characters. `files`: how many it carries."""

    author: Author
    text: str
    private: bool = False
    files: int = 0


class InboxRow(Value, frozen=True):
    """One conversation as the inbox shows it. `gone`: it left this agent's view, drop it.

    `revision` is the log position of its last fact; `unread` counts visitor messages this agent
    has not read; `waiting_since` is the oldest unanswered visitor message.
    """

    conversation: ConversationId
    revision: int
    gone: bool = False
    phase: Phase | None = None
    seq: int = 0
    assignee: Agent | None = None
    visitor: Visitor | None = None
    site: SiteName | None = None
    opened_at: str | None = None
    queued_at: str | None = None
    waiting_since: str | None = None
    last_at: str | None = None
    closed_at: str | None = None
    last: Preview | None = None
    unread: int = 0


class Inbox(ServerFrame, tag="inbox", frozen=True):
    """Rows that changed, up to log `position`."""

    position: int
    rows: list[InboxRow]


class State(ServerFrame, tag="state", frozen=True):
    """Absolute values, harmless to repeat. kind `read`: `conversation`, `seq` (the visitor has read
    so far) · `visitor`: `visitor` (page, name or online changed) · `agent`: `agent`, `status` ·
    `unread`: `conversation`, `unread` (read in another tab of yours) · `storage`: `storage`
    (whether the server can store what is sent to it) · `bus`: `bus` (whether the nodes hear each
    other)."""

    kind: Literal["read", "visitor", "agent", "unread", "storage", "bus"]
    conversation: ConversationId | None = None
    seq: int | None = None
    visitor: Visitor | None = None
    agent: Agent | None = None
    status: AgentStatus | None = None
    unread: int | None = None
    storage: Storage | None = None
    bus: Bus | None = None


ServerMessage = (
    Welcome
    | Reply
    | Error
    | Fact
    | Facts
    | Inbox
    | State
    | Signal
    | Ping
    | ServerPong
    | Reset
    | Expiring
    | Drain
)
