"""Keeps the index up to date with the log. A fact that the card has seen changes nothing."""

from collections import defaultdict
from collections.abc import Sequence

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
    "visitor.identified",
)


async def on_fact(connection: AsyncConnection, entry: Entry) -> None:
    await on_facts(connection, [entry])


async def on_facts(connection: AsyncConnection, entries: Sequence[Entry]) -> None:
    facts: dict[str, list[Fact]] = defaultdict(list)
    for entry in entries:
        facts[entry.workspace_id].append(from_entry(entry))
    for workspace_id, found in facts.items():
        await _write_down(connection, workspace_id, found)


async def _write_down(
    connection: AsyncConnection, workspace_id: str, facts: Sequence[Fact]
) -> None:
    """Numbers and phase are taken from the conversation's row, which is never behind its facts;
    people and words from the fact itself."""
    ids = {fact.conversation_id for fact in facts}
    states = await conversations.load(connection, workspace_id, ids)
    known = await store.find_all(connection, workspace_id, ids)
    visitors = {state.visitor_id for state in states.values()}
    people = await visitor_store.get(connection, workspace_id, visitors)
    cards: dict[str, Transcript] = {}
    words: dict[str, list[str]] = defaultdict(list)
    for fact in facts:
        key = fact.conversation_id
        state, card = states.get(key), cards.get(key) or known.get(key)
        if state is None or (card is not None and fact.position <= card.position):
            continue
        cards[key] = _updated(card or _blank(state), state, fact, people.get(state.visitor_id))
        words[key].append(_public_words(fact))
    for key in cards.keys() - known.keys():
        await store.add(connection, cards[key], words[key])
    await store.change(
        connection, [(cards[key], words[key]) for key in cards.keys() & known.keys()]
    )


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
    if not is_public or fact.body is None:
        return ""
    return "\n".join((fact.body.text or "", *(file.name for file in fact.body.files)))
