"""Turns ratings into rows. A fact that is older than the row changes nothing."""

from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.conversation import store as conversations
from chatserver.conversation.entries import from_entry
from chatserver.conversation.events import Rated
from chatserver.conversation.facts import Body
from chatserver.features.csat import store
from chatserver.features.csat.model import Rating
from chatserver.storage.log import Entry


async def on_rated(connection: AsyncConnection, entry: Entry) -> None:
    fact = from_entry(entry)
    key = (fact.workspace_id, fact.conversation_id)
    state = (await conversations.load(connection, key[0], [key[1]])).get(key[1])
    if state is None or not isinstance(fact.event, Rated):
        return
    body = fact.body or Body()
    rating = Rating(
        conversation_id=state.id,
        workspace_id=state.workspace_id,
        site_id=state.site_id,
        visitor_id=state.visitor_id,
        agent_id=state.assignee_id,
        score=fact.event.score,
        resolved=fact.event.resolved,
        reasons=body.reasons,
        comment=body.text or "",
        rated_at=fact.at,
        position=fact.position,
    )
    known = (await store.find_all(connection, *key[:1], [state.id])).get(state.id)
    if known is None:
        await store.add(connection, rating)
    elif known.position < rating.position:
        await store.replace(connection, rating)
