"""What a customer said while they were anonymous follows them into the customer's visitor."""

import logging

from chatserver.conversation import store
from chatserver.conversation.commands import Close, Command, Identify, Request
from chatserver.conversation.model import SYSTEM, Conversation, Phase
from chatserver.errors import ChatError
from chatserver.identity.model import Arrival, Visitor
from chatserver.realtime.hints import RowHint, encode, visitor_topic
from chatserver.realtime.services import Services

log = logging.getLogger(__name__)

# Conversations of one customer that are looked at; the oldest beyond it stay where they began.
MOST = 100


async def join_conversations(services: Services, arrival: Arrival) -> None:
    """Moves what is left of the visitors that this customer was before. It is asked for at each
    arrival: what a crash left undone is done at the next one."""
    visitor = arrival.visitor
    if not arrival.former or visitor.customer_id is None:
        return
    for before in arrival.former:
        services.presence.send_back(before.id)
    ids = [visitor.id, *(before.id for before in arrival.former)]
    async with services.database.read() as connection:
        found = await store.of_visitors(connection, visitor.workspace_id, ids, MOST)
    left = [state for state in found if _is_left(state, arrival.former)]
    if not left:
        return
    own = [state for state in found if state.visitor_id == visitor.id]
    open_ones = _open_ones([*left, *own])
    for state in open_ones[:-1]:
        await _submit(services, state, Close("merged"))
    for state in left:
        await _submit(services, state, Identify(visitor.id, visitor.customer_id))
    for state in open_ones[-1:]:  # the customer's other browsers go on in it
        services.broker.publish(visitor_topic(visitor.id), encode(RowHint(state.id)))


def _is_left(state: Conversation, former: tuple[Visitor, ...]) -> bool:
    """What began after the visitor was identified was begun by somebody else, who held its token:
    nobody shall put words into a customer's mouth like that."""
    return any(
        state.visitor_id == before.id
        and before.merged_at is not None
        and state.opened_at <= before.merged_at
        for before in former
    )


def _open_ones(states: list[Conversation]) -> list[Conversation]:
    """A customer has one open conversation on a site: that in which something happened last, which
    is the last of these."""
    open_ones = [state for state in states if state.phase is not Phase.CLOSED]
    return sorted(open_ones, key=lambda state: (state.last_at, state.revision))


async def _submit(services: Services, state: Conversation, command: Command) -> None:
    try:
        await services.conversations.submit(Request(state.workspace_id, state.id, SYSTEM, command))
    except ChatError as error:
        # The customer comes in all the same, and the next arrival tries again.
        log.warning("conversation not joined", extra={"conversation": state.id, "code": error.code})
