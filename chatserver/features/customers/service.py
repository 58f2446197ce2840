"""Puts together what is known of a person."""

from chatserver.conversation import fact_store, store
from chatserver.conversation.model import Conversation
from chatserver.features.customers.model import Chat, CustomerCard, PersonCard
from chatserver.identity import visitor_store
from chatserver.identity.directory import Directory
from chatserver.identity.model import Customer, Visitor
from chatserver.identity.profiles import Profiles
from chatserver.storage.database import Database

# Chats that the pane lists; the search of transcripts finds older ones.
CHATS = 20
TEXT_CHARS = 120


class Customers:
    def __init__(self, *, database: Database, profiles: Profiles) -> None:
        self._database = database
        self._profiles = profiles
        self._directory = Directory()

    async def card(self, workspace_id: str, visitor_id: str) -> PersonCard:
        """Raises NotFound."""
        visitor, profile, customer = await self._profiles.find(workspace_id, visitor_id)
        return PersonCard(
            id=visitor.id,
            name=visitor.name,
            email=visitor.email,
            phone=visitor.phone,
            attributes=profile.attributes,
            answers=profile.answers,
            consent_version=profile.consent_version,
            consent_at=profile.consent_at,
            customer=_customer(customer) if customer else None,
            chats=await self._chats(visitor),
        )

    async def _chats(self, visitor: Visitor) -> list[Chat]:
        """Theirs on all sites of the workspace: agents help the person, not the website."""
        workspace_id = visitor.workspace_id
        async with self._database.read() as connection:
            ids = [visitor.id]
            if visitor.customer_id:
                everywhere = await visitor_store.all_of_customer(
                    connection, workspace_id, visitor.customer_id
                )
                ids = [one.id for one in everywhere]
            found = await store.of_visitors(connection, workspace_id, ids, CHATS)
            sites = await self._directory.site_names(connection, workspace_id)
            last = await fact_store.last_messages(
                connection, workspace_id, [state.id for state in found]
            )
        return [
            _chat(state, sites.get(state.site_id, ""), fact.body.text if fact and fact.body else "")
            for state in found
            for fact in [last.get(state.id)]
        ]


def _chat(state: Conversation, site: str, text: str | None) -> Chat:
    cut = (text or "")[:TEXT_CHARS]
    return Chat(state.id, site, state.phase.value, state.opened_at, state.closed_at, cut)


def _customer(customer: Customer) -> CustomerCard:
    return CustomerCard(
        external_id=customer.external_id,
        name=customer.name,
        email=customer.email,
        phone=customer.phone,
        attributes=customer.attributes,
        since=customer.created_at,
        identified_at=customer.identified_at,
    )
