"""Who takes part: visitors by their token, agents by their session."""

from datetime import UTC, datetime

from chatserver.errors import BadToken
from chatserver.identity.model import AgentSession, Arrival, Position, Role, Site, Visitor
from tests.prove.transaction import WORKSPACE

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
SHOP = Site(
    "shop", WORKSPACE, "key", "Shop", "#000000", Position.RIGHT, "", "en", ("*",), True, BEGAN
)


def arrival_of(token: str | None) -> Arrival:
    """A visitor's token is its id: making and rotating tokens is proved elsewhere."""
    if token is None:
        raise BadToken
    visitor = Visitor(token, WORKSPACE, SHOP.id, BEGAN, BEGAN, name=token)
    return Arrival(visitor, SHOP, None, BEGAN)


def signed_of(agent_id: str, session_id: str) -> AgentSession:
    return AgentSession(
        session_id, WORKSPACE, agent_id, f"person-{agent_id}", agent_id, "", Role.AGENT, "en", ""
    )
