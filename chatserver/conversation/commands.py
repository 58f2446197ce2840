"""What people and slices may ask of a conversation."""

from msgspec import Struct

from chatserver.conversation.model import Actor


class Open(Struct, frozen=True, gc=False):
    """Start a conversation, or continue the visitor's open or recently closed one. `greeting` and
    `greeting_text` are of the greeting that led to it."""

    site_id: str
    visitor_id: str
    greeting: str = ""
    greeting_text: str = ""


class SendMessage(Struct, frozen=True, gc=False):
    """`client_id` is unique per conversation and author: a repeat gets the first answer. `files`
    are ids of what the author uploaded before, `quote` the message it answers, in the author's own
    numbering, `former` the ids that the author had before."""

    client_id: str
    text: str
    private: bool = False
    files: tuple[str, ...] = ()
    quote: int | None = None
    former: tuple[str, ...] = ()


class Assign(Struct, frozen=True, gc=False):
    """To an agent, or with None back into the queue. `expect_seq`: what the asker had seen."""

    agent_id: str | None
    agent_name: str | None = None
    expect_seq: int | None = None


class Close(Struct, frozen=True, gc=False):
    """`reason`: agent, visitor, idle or merged."""

    reason: str
    expect_seq: int | None = None


class Reopen(Struct, frozen=True, gc=False):
    expect_seq: int | None = None


class Identify(Struct, frozen=True, gc=False):
    """The anonymous visitor turned out to be this customer, who is `visitor_id` on the site."""

    visitor_id: str
    customer_id: str


class AskRating(Struct, frozen=True, gc=False):
    """Ask the visitor how it was; also while the chat goes on."""


class Rate(Struct, frozen=True, gc=False):
    """How it was, from 1 to 5, and why. `client_id` and `former` as for a message."""

    client_id: str
    score: int
    resolved: bool | None = None
    reasons: tuple[str, ...] = ()
    comment: str = ""
    former: tuple[str, ...] = ()


class MarkRead(Struct, frozen=True, gc=False):
    """The actor has read up to `seq`, in the actor's own numbering. Not a fact; never goes back."""

    seq: int


Command = SendMessage | Assign | Close | Reopen | Identify | AskRating | Rate


class Request(Struct, frozen=True, gc=False):
    """One command on its way into a batch.

    `conversation_id` is empty for `Open` alone. A slice that sends a command because of a
    fact names the `cause`: the same cause acts at most once on a conversation.
    """

    workspace_id: str
    conversation_id: str
    actor: Actor
    command: Command | Open | MarkRead
    cause: str | None = None
