"""What an agent's requests ask for, and the permission each frame needs. Pure."""

from chatserver.conversation.commands import (
    AskRating,
    Close,
    MarkRead,
    Reopen,
    Request,
    SendMessage,
)
from chatserver.conversation.model import Actor, AuthorKind
from chatserver.identity.model import AgentSession as Signed
from chatserver.protocol import agent as wire
from chatserver.protocol.shared import Limits
from chatserver.protocol.text import check_client_id, check_message
from chatserver.realtime.effects import (
    AssignTo,
    Effect,
    Follow,
    LoadHistory,
    SetStatus,
    Submit,
)

AgentRequest = (
    wire.Send
    | wire.Assign
    | wire.Close
    | wire.Reopen
    | wire.AskRating
    | wire.History
    | wire.Thread
    | wire.Status
)

# The permission each frame needs; a frame that is not listed needs none (hello, pong, bye).
ACTIONS: dict[type[wire.ClientMessage], str] = {
    wire.Send: "conversation.write",
    wire.History: "conversation.read",
    wire.Thread: "conversation.read",
    wire.Unthread: "conversation.read",
    wire.Read: "conversation.read",
    wire.Typing: "conversation.write",
    wire.Status: "session.own",
    wire.Assign: "conversation.write",
    wire.Close: "conversation.write",
    wire.Reopen: "conversation.write",
    wire.AskRating: "conversation.write",
}


def effect_of(frame: AgentRequest, signed: Signed, limits: Limits) -> Effect:
    """What to do for a request. Raises a ChatError when the frame is wrong in itself."""
    match frame:
        case wire.Send():
            text, files = check_message(frame.text, frame.files, limits)
            client_id = check_client_id(frame.client_id)
            command = SendMessage(client_id, text, frame.private, files, frame.quote)
            return submit(signed, frame.id, frame.conversation, command)
        case wire.Assign():
            return AssignTo(frame.id, frame.conversation, frame.agent, frame.expect_seq)
        case wire.Close():
            return submit(signed, frame.id, frame.conversation, Close("agent", frame.expect_seq))
        case wire.Reopen():
            return submit(signed, frame.id, frame.conversation, Reopen(frame.expect_seq))
        case wire.AskRating():
            return submit(signed, frame.id, frame.conversation, AskRating())
        case wire.History():
            limit = max(1, min(frame.limit, limits.history))
            return LoadHistory(frame.id, frame.conversation, frame.before, frame.after, limit)
        case wire.Thread():
            return Follow(frame.conversation, frame.seq, frame.id)
        case wire.Status():
            return SetStatus(frame.id, frame.status)


def submit(
    signed: Signed,
    request_id: int | None,
    conversation_id: str,
    command: SendMessage | Close | Reopen | AskRating | MarkRead,
) -> Submit:
    """The command of this agent, for the batch."""
    actor = Actor(AuthorKind.AGENT, signed.agent_id, signed.name)
    return Submit(request_id, Request(signed.workspace_id, conversation_id, actor, command))
