"""How large a town is, and on what it stands. More nodes, PostgreSQL and Redis are other values."""

from dataclasses import dataclass, field

from tests.support.running import PASSWORD

# The people here are quicker than visitors may be by default; one who is not quick but mad is a
# fault, and meets the limit.
RATES = {"visitor_rate": "20", "visitor_burst": "100", "agent_rate": "50", "agent_burst": "200"}
# All of them have one address, and some come again before their old connection is given up.
CROWD = {"connections_per_address": "20000", "connections_per_visitor": "20"}


@dataclass(frozen=True)
class Plan:
    """`settings` go to every node. Without a database's address each town has a SQLite file."""

    nodes: int = 1
    visitors: int = 200
    agents: int = 20
    two_tabs: float = 0.10
    polling: float = 0.10
    town_seconds: float = 240.0
    rest_seconds: float = 0.0  # between two fates of nodes: more messages, fewer deaths
    visitor_pause: float = 0.9  # seconds between two acts of one visitor, on average
    agent_pause: float = 0.25
    net_pause: float = 0.5  # between two faults of single connections
    reloads: bool = True  # tabs of visitors, now and then
    is_direct: bool = False  # no proxy in between: no faults of single connections either
    only: str = ""  # of all fates those with this in their name
    database_url: str = ""
    redis_url: str = ""
    settings: dict[str, str] = field(default_factory=lambda: {**RATES, **CROWD})

    def settings_of_node(self) -> dict[str, str]:
        urls = {"database_url": self.database_url, "redis_url": self.redis_url}
        named = {name: url for name, url in urls.items() if url}
        # A drain takes its time and clients answer pings as browsers do.
        return {"drain_seconds": "30", "pong_seconds": "10", **named, **self.settings}


__all__ = ["PASSWORD", "Plan"]
