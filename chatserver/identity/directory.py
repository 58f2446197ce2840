"""Names of the people and places of a workspace, for those who only show them."""

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.identity import customer_store, person_store, site_store, visitor_store
from chatserver.identity.model import Customer, Visitor


class Directory:
    """Reads in the caller's snapshot."""

    async def visitors(
        self, connection: AsyncConnection, workspace_id: str, ids: Iterable[str]
    ) -> dict[str, Visitor]:
        return await visitor_store.get(connection, workspace_id, list(ids))

    async def customers(
        self, connection: AsyncConnection, workspace_id: str, ids: Iterable[str]
    ) -> dict[str, Customer]:
        """Without their attributes, which only the pane beside a chat shows."""
        return await customer_store.cards(connection, workspace_id, list(ids))

    async def agent_names(self, connection: AsyncConnection, workspace_id: str) -> dict[str, str]:
        """Everybody who is or was an agent: old chats still show their names."""
        agents = await person_store.list_agents(connection, workspace_id)
        return {agent.id: agent.name for agent in agents}

    async def active_agents(self, connection: AsyncConnection, workspace_id: str) -> dict[str, str]:
        """Those who can be given a chat."""
        agents = await person_store.list_agents(connection, workspace_id)
        return {agent.id: agent.name for agent in agents if not agent.disabled}

    async def site_names(self, connection: AsyncConnection, workspace_id: str) -> dict[str, str]:
        sites = await site_store.list_sites(connection, workspace_id)
        return {site.id: site.name for site in sites}
