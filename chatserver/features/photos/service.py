"""Takes an agent's photo, hands it to whoever talks with them, and forgets it."""

from collections.abc import Collection, Mapping

from chatserver.clock import Clock
from chatserver.errors import NotFound
from chatserver.features.photos import store
from chatserver.identity.model import AgentSession
from chatserver.identity.people import People, check_grant
from chatserver.identity.sites import Sites
from chatserver.ids import Ids
from chatserver.storage.database import Database


class Photos:
    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: Ids,
        people: People,
        sites: Sites,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._people = people
        self._sites = sites

    async def replace(self, by: AgentSession, content: bytes) -> str:
        """The id of one's own new photo."""
        photo_id, agent = self._ids.new(), (by.workspace_id, by.agent_id)
        async with self._database.write() as connection:
            # Two tabs at once: who comes second waits for the row of the agent.
            await self._people.lock(connection, *agent)
            await store.remove(connection, *agent)
            await store.add(connection, agent, photo_id, content, self._clock.now())
        return photo_id

    async def remove(self, by: AgentSession, agent_id: str) -> None:
        """One's own, or that of somebody who does not stand above. Raises NotFound, Forbidden."""
        async with self._database.write() as connection:
            found = await self._people.get(connection, by.workspace_id, [agent_id])
            if agent_id not in found:
                raise NotFound
            if agent_id != by.agent_id:
                check_grant(by.role, found[agent_id].role)
            await store.remove(connection, by.workspace_id, agent_id)

    async def of_workspace(self, workspace_id: str) -> dict[str, str]:
        """The addresses of photos by the ids of their agents."""
        async with self._database.read() as connection:
            return _own(await store.of_agents(connection, workspace_id))

    async def of_agents(self, site_key: str, agents: Collection[str]) -> dict[str, str]:
        """For a visitor of a site, whose team's pictures come first. Who knows the id of an agent
        has met them: it is random, and only the facts of a chat tell it. Raises NotFound when there
        is no such site."""
        async with self._database.read() as connection:
            site = await self._sites.named(connection, site_key)
            own = _own(await store.of_agents(connection, site.workspace_id, agents))
        team = (mate for mate in site.widget.looks.team if mate.photo and mate.agent in agents)
        return own | {mate.agent: f"/widget/pictures/{mate.photo}" for mate in team}

    async def content(self, photo_id: str) -> bytes:
        """Raises NotFound."""
        async with self._database.read() as connection:
            found = await store.content(connection, photo_id)
        if found is None:
            raise NotFound
        return found


def _own(photos: Mapping[str, str]) -> dict[str, str]:
    return {agent: own_address(photo) for agent, photo in photos.items()}


def own_address(photo_id: str) -> str:
    """Below our own origin."""
    return f"/widget/photos/{photo_id}"
