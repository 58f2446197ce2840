"""What a visitor's requests ask for. Pure."""

from msgspec import Struct

from chatserver.conversation.commands import Close, MarkRead, Rate, Request, SendMessage
from chatserver.conversation.model import Actor
from chatserver.protocol import visitor as wire
from chatserver.protocol.shared import Limits
from chatserver.protocol.text import check_client_id, check_message, check_text
from chatserver.realtime.effects import (
    Describe,
    Effect,
    LoadHistory,
    Renew,
    Start,
    Submit,
)

VisitorRequest = (
    wire.Send | wire.Open | wire.Close | wire.Rate | wire.History | wire.Refresh | wire.Describe
)


REASON_CHARS = 60


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
            return Start(frame.id, frame.form or wire.Form(), frame.greeting)
        case wire.Close():
            return submit(asker, frame.id, frame.conversation, Close("visitor", frame.expect_seq))
        case wire.Rate():
            return submit(asker, frame.id, frame.conversation, _rating(frame, asker, limits))
        case wire.History():
            limit = max(1, min(frame.limit, limits.history))
            return LoadHistory(frame.id, frame.conversation, frame.before, frame.after, limit)
        case wire.Refresh():
            return Renew(frame.id, frame.token)
        case wire.Describe():
            return Describe(frame.id, frame)


def submit(
    asker: Asker,
    request_id: int | None,
    conversation_id: str,
    command: SendMessage | Close | Rate | MarkRead,
) -> Submit:
    """The command of this visitor, for the batch."""
    request = Request(asker.workspace_id, conversation_id, asker.actor, command)
    return Submit(request_id, request)


def _rating(frame: wire.Rate, asker: Asker, limits: Limits) -> Rate:
    """Of any conversation of this visitor: the rules know whose it is. A comment of nothing but
    blanks is none."""
    client_id, said = check_client_id(frame.client_id), frame.comment.strip()
    comment = check_text(said, limits.text_chars) if said else ""
    reasons = tuple(dict.fromkeys(check_text(one, REASON_CHARS) for one in frame.reasons))
    return Rate(client_id, frame.score, frame.resolved, reasons, comment, asker.former)
