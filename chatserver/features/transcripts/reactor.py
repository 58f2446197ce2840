"""Keeps the index up to date with the log. A fact that the card has seen changes nothing."""

from msgspec.structs import replace
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.conversation import store as conversations
from chatserver.conversation.entries import from_entry
from chatserver.conversation.events import Assigned, MessageSent
from chatserver.conversation.facts import Fact
from chatserver.conversation.model import AuthorKind, Conversation
from chatserver.features.transcripts import store
from chatserver.features.transcripts.model import Person, Transcript, joined
from chatserver.identity import visitor_store
from chatserver.identity.model import Visitor
from chatserver.storage.log import Entry

KINDS = (
    "conversation.opened",
    "conversation.assigned",
    "conversation.unassigned",
    "conversation.closed",
    "conversation.reopened",
    "message.sent",
)


async def on_fact(connection: AsyncConnection, entry: Entry) -> None:
    """Numbers and phase are taken from the conversation's row, which is never behind its facts;
    people and words from the fact itself."""
    fact = from_entry(entry)
    found = await conversations.load(connection, fact.workspace_id, [fact.conversation_id])
    card = await store.find(connection, fact.workspace_id, fact.conversation_id)
    state = found.get(fact.conversation_id)
    if state is None or (card is not None and fact.position <= card.position):
        return
    people = await visitor_store.get(connection, fact.workspace_id, [state.visitor_id])
    updated = _updated(card or _blank(state), state, fact, people.get(state.visitor_id))
    await store.save(connection, updated, _public_words(fact), is_new=card is None)


def _blank(state: Conversation) -> Transcript:
    return Transcript(
        conversation_id=state.id,
        workspace_id=state.workspace_id,
        site_id=state.site_id,
        visitor_id=state.visitor_id,
        visitor_name=None,
        visitor_email=None,
        agents=(),
        phase=state.phase.value,
        opened_at=state.opened_at,
        closed_at=None,
        last_at=state.last_at,
        messages=0,
        position=0,
    )


def _updated(
    card: Transcript, state: Conversation, fact: Fact, visitor: Visitor | None
) -> Transcript:
    agents = card.agents
    for person in _agents_of(fact):
        agents = joined(agents, person)
    return replace(
        card,
        visitor_name=visitor.name if visitor else card.visitor_name,
        visitor_email=visitor.email if visitor else card.visitor_email,
        agents=agents,
        phase=state.phase.value,
        closed_at=state.closed_at,
        last_at=state.last_at,
        messages=state.visitor_messages + state.agent_messages,
        position=fact.position,
    )


def _agents_of(fact: Fact) -> list[Person]:
    """Who took it or wrote in it, if only a note; who closes or hands over has not taken part."""
    event, body = fact.event, fact.body
    if isinstance(event, Assigned):
        return [Person(event.agent_id, (body.agent_name if body else None) or "")]
    if isinstance(event, MessageSent) and fact.author.kind is AuthorKind.AGENT and fact.author.id:
        return [Person(fact.author.id, fact.author.name or "")]
    return []


def _public_words(fact: Fact) -> str:
    """Notes are not searched: what an export leaves out, a search must not find either."""
    is_public = isinstance(fact.event, MessageSent) and not fact.event.private
    return (fact.body.text or "") if is_public and fact.body else ""
