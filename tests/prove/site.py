"""What all nodes share: the world around them."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from chatserver.conversation.transitions import Rules
from tests.prove.bus import Bus
from tests.prove.chance import Chance
from tests.prove.schedule import Schedule
from tests.prove.store import Store
from tests.prove.variants import Variant

if TYPE_CHECKING:
    from tests.prove.socket import Socket
    from tests.prove.transaction import Transaction


class Site:
    """`broken` names the variant. `wrote` and `committed` are told of frames and commits."""

    def __init__(self, schedule: Schedule, chance: Chance, store: Store, variant: Variant) -> None:
        self.schedule, self.chance, self.store = schedule, chance, store
        self.variant, self.broken = variant, variant.name
        self.bus = Bus(schedule, chance)
        self.rules = Rules(reopen_within=timedelta(seconds=25))
        self.wrote: Callable[[Socket, bytes], None] = lambda _socket, _data: None
        self.committed: Callable[[Transaction], None] = lambda _transaction: None
        self.sessions = 0

    def new_session(self) -> str:
        self.sessions += 1
        return f"s{self.sessions}"

    def go_without_store(self, seconds: float) -> None:
        """The database answers nobody for so long."""
        self.store.away_until = self.schedule.now + seconds

    def lacks_store(self) -> bool:
        chance = self.chance
        if self.schedule.now < self.store.away_until:
            chance.faults["question to a store that is away"] += 1
            return True
        return chance.strikes("store unavailable", chance.weather.unavailable)
