"""The members of a workspace, as its admins see and change them."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from starlette.responses import Response

from chatserver.features.people.invitations import role_of
from chatserver.features.people.model import agent_view
from chatserver.identity.people import People
from chatserver.web import params
from chatserver.web.replies import items, json_reply
from chatserver.web.routing import Call, Endpoint


class AgentChange(Struct, frozen=True, forbid_unknown_fields=True):
    role: str | None = None
    disabled: bool | None = None


class AgentRoutes:
    def __init__(self, *, people: People, statuses: Callable[[str], Mapping[str, str]]) -> None:
        self._people = people
        self._statuses = statuses

    def endpoints(self) -> tuple[Endpoint, ...]:
        return (
            Endpoint("GET", "/api/agents", "agent.read", self.list),
            Endpoint("PATCH", "/api/agents/{id}", "people.manage", self.change),
        )

    async def list(self, call: Call) -> Response:
        workspace_id = call.agent.workspace_id
        found, statuses = await self._people.list(workspace_id), self._statuses(workspace_id)
        return items([agent_view(agent, statuses.get(agent.id, "offline")) for agent in found])

    async def change(self, call: Call) -> Response:
        """Ends the agent's sessions: whoever's rights changed signs in again."""
        agent_id = params.path_id(call.request)
        wanted = await params.body(call.request, AgentChange)
        role = None if wanted.role is None else role_of(wanted.role)
        agent = await self._people.change(call.agent, agent_id, role=role, disabled=wanted.disabled)
        statuses = self._statuses(agent.workspace_id)
        return json_reply(agent_view(agent, statuses.get(agent.id, "offline")))
