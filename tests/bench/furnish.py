"""Settings and people of a server under test."""

from typing import Any

from chatserver.config import Settings
from chatserver.identity.installation import Beginning
from chatserver.identity.model import Role
from chatserver.identity.people import Account
from chatserver.parts import Parts

PASSWORD = "correct horse battery staple"


def settings_of(data: str, port: int, **shared: str) -> Settings:
    """The defaults but for the limits that one machine full of clients would meet at once, and what
    several nodes share."""
    return Settings(
        data_dir=data,
        port=port,
        log_level="warning",
        visitor_rate=1e9,
        visitor_burst=1_000_000_000,
        agent_rate=1e9,
        agent_burst=1_000_000_000,
        pending_requests=1000,
        agent_ticket_seconds=3600,
        frame_ticket_seconds=3600,
        connections_per_address=20000,
        **shared,
    )


async def furnish(parts: Parts, agents: int) -> dict[str, Any]:
    """A workspace with one site and so many agents; the tickets for all of them."""
    identity, origin = parts.identity, parts.settings.public_origin
    begun = await identity.installation.begin(
        Beginning("Bench", "Ann", "ann@bench.example", PASSWORD, "Shop", [origin])
    )
    tickets = []
    for number in range(agents):
        account = Account(f"Agent {number}", f"agent{number}@bench.example", "no password")
        async with parts.database.write() as connection:
            agent = await identity.people.create(
                connection, begun.workspace.id, account, Role.AGENT
            )
        _, session = await identity.accounts.open_for(agent)
        tickets.append(await identity.tickets.issue(session))
    return {
        "site": begun.site.key,
        "frame": identity.frames.issue(begun.site.key),
        "agents": tickets,
    }
