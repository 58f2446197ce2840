"""Puts together what is known of a person."""

from chatserver.conversation import fact_store, store
from chatserver.conversation.model import Conversation
from chatserver.features.customers.model import Answer, Chat, CustomerCard, PersonCard
from chatserver.identity import visitor_store
from chatserver.identity.directory import Directory
from chatserver.identity.model import Customer, Profile, Visitor
from chatserver.identity.profiles import Profiles
from chatserver.identity.sites import Sites
from chatserver.storage.database import Database

# Chats that the pane lists; the search of transcripts finds older ones.
CHATS = 20
TEXT_CHARS = 120


class Customers:
    def __init__(self, *, database: Database, profiles: Profiles, sites: Sites) -> None:
        self._database = database
        self._profiles = profiles
        self._sites = sites
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
            answers=await self._answers(visitor, profile),
            consent_version=profile.consent_version,
            consent_at=profile.consent_at,
            customer=_customer(customer) if customer else None,
            chats=await self._chats(visitor),
        )

    async def _answers(self, visitor: Visitor, profile: Profile) -> list[Answer]:
        """Those that say something, in the order of the site's form, then those of older forms."""
        given = {key: value for key, value in profile.answers.items() if value}
        if not given:
            return []
        async with self._database.read() as connection:
            sites = await self._sites.get(connection, visitor.workspace_id, [visitor.site_id])
        site = sites.get(visitor.site_id)
        labels = {field.key: field.label for field in site.widget.forms.fields} if site else {}
        keys = [key for key in labels if key in given] + [key for key in given if key not in labels]
        return [Answer(key, labels.get(key, key), given[key]) for key in keys]

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
