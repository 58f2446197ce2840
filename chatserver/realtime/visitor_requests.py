"""What a visitor's requests ask for. Pure."""

from msgspec import Struct

from chatserver.conversation.commands import Close, MarkRead, Request, SendMessage
from chatserver.conversation.model import Actor
from chatserver.protocol import visitor as wire
from chatserver.protocol.shared import Limits
from chatserver.protocol.text import check_client_id, check_message
from chatserver.realtime.effects import (
    Describe,
    Effect,
    Forget,
    LoadHistory,
    Renew,
    Start,
    Submit,
)

VisitorRequest = (
    wire.Send | wire.Open | wire.Close | wire.History | wire.Refresh | wire.Describe | wire.Forget
)


class Asker(Struct, frozen=True):
    """Who asks, in which conversation. `former`: the names that this visitor had before."""

    workspace_id: str
    actor: Actor
    former: tuple[str, ...] = ()


def effect_of(frame: VisitorRequest, asker: Asker, limits: Limits) -> Effect:
    """What to do for a request. Raises a ChatError when the frame is wrong in itself."""
    match frame:
        case wire.Send():
            client_id = check_client_id(frame.client_id)
            text, files = check_message(frame.text, frame.files, limits)
            command = SendMessage(
                client_id, text, files=files, quote=frame.quote, former=asker.former
            )
            return submit(asker, frame.id, frame.conversation, command)
        case wire.Open():
            check_client_id(frame.client_id)
            return Start(frame.id, frame.form or wire.Form())
        case wire.Close():
            return submit(asker, frame.id, frame.conversation, Close("visitor", frame.expect_seq))
        case wire.History():
            limit = max(1, min(frame.limit, limits.history))
            return LoadHistory(frame.id, frame.conversation, frame.before, frame.after, limit)
        case wire.Refresh():
            return Renew(frame.id, frame.token)
        case wire.Describe():
            return Describe(frame.id, frame)
        case wire.Forget():
            return Forget(frame.id, frame.token)


def submit(
    asker: Asker,
    request_id: int | None,
    conversation_id: str,
    command: SendMessage | Close | MarkRead,
) -> Submit:
    """The command of this visitor, for the batch."""
    request = Request(asker.workspace_id, conversation_id, asker.actor, command)
    return Submit(request_id, request)
