"""What a session wants done. Sessions only say it; `connection` and the desks do it."""

from msgspec import Struct

from chatserver.conversation.commands import Request
from chatserver.protocol import visitor
from chatserver.protocol.agent import AgentStatus
from chatserver.protocol.codes import CloseCode
from chatserver.protocol.shared import ServerFrame


class Send(Struct, frozen=True, gc=False):
    frame: ServerFrame


class SendBytes(Struct, frozen=True, gc=False):
    """A frame that was encoded for many."""

    data: bytes


class Hang(Struct, frozen=True, gc=False):
    """Close the socket. The code tells the client what to do."""

    code: CloseCode
    reason: str = ""


class Submit(Struct, frozen=True, gc=False):
    """Hand a command to the batch; its outcome comes back as `submitted(id, …)`.

    `id` None: a read mark, and nobody waits for the outcome.
    """

    id: int | None
    request: Request


class Follow(Struct, frozen=True, gc=False):
    """Listen to a conversation, then read what is missing behind `after` (the audience's numbers).
    `after` None: the newest page. Comes back as `caught_up`."""

    conversation_id: str
    after: int | None
    id: int | None = None


class Unfollow(Struct, frozen=True, gc=False):
    conversation_id: str


class LoadMarks(Struct, frozen=True, gc=False):
    """Read how far both sides have read. Comes back as `marks_loaded`."""

    conversation_id: str


class LoadHistory(Struct, frozen=True, gc=False):
    """Read a page of facts. Comes back as `history_loaded`."""

    id: int
    conversation_id: str
    before: int | None
    after: int | None
    limit: int


class Typed(Struct, frozen=True, gc=False):
    """Tell the others that this side types; agents also the visitor's `draft`."""

    conversation_id: str
    on: bool
    draft: str | None = None


class Moved(Struct, frozen=True, gc=False):
    """The visitor is on another page of the same site."""

    url: str
    title: str


class SetStatus(Struct, frozen=True, gc=False):
    id: int
    status: AgentStatus


class Arrive(Struct, frozen=True, gc=False):
    """Check the hello. Comes back as `arrived` or `refused`."""

    hello: object


class Start(Struct, frozen=True, gc=False):
    """Open the visitor's conversation. Comes back as `started`."""

    id: int
    form: visitor.Form
    greeting: str = ""


class Describe(Struct, frozen=True, gc=False):
    """Keep what the page says of its visitor without a signature. Comes back as `described`."""

    id: int
    said: visitor.Describe


class Renew(Struct, frozen=True, gc=False):
    """Swap the visitor's token. Comes back as `renewed`."""

    id: int
    token: str


class LookAgain(Struct, frozen=True, gc=False):
    """The site opens or closes about now. Comes back as `door_changed`."""


class Recheck(Struct, frozen=True, gc=False):
    """Ask again whether the agent's session still stands; `used`: it did something meanwhile."""

    used: bool


class LoadRead(Struct, frozen=True, gc=False):
    """Read how much of these the agent has read. Comes back as `read_loaded`."""

    conversation_ids: tuple[str, ...]


class LoadInbox(Struct, frozen=True, gc=False):
    """Follow the workspace, then send rows changed behind `position`; None: all open ones."""

    position: int | None


class AssignTo(Struct, frozen=True, gc=False):
    """Look the agent up, then submit the assignment."""

    id: int
    conversation_id: str
    agent_id: str | None
    expect_seq: int


Effect = (
    Send
    | SendBytes
    | Hang
    | Submit
    | Follow
    | Unfollow
    | LoadMarks
    | LoadHistory
    | Typed
    | Moved
    | SetStatus
    | Arrive
    | Start
    | Describe
    | Renew
    | LookAgain
    | LoadInbox
    | LoadRead
    | Recheck
    | AssignTo
)
