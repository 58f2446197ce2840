"""What a slice may bring to the house. `app.py` lists the slices and hands these on."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.storage.log import Entry
from chatserver.storage.timers import Timer
from chatserver.web.routing import Endpoint

# A reactor reads one fact and writes its effects in the runner's transaction, which also moves the
# slice's cursor. It may run again for a fact it has seen; that must change nothing. It awaits only
# the connection: on SQLite it runs in the writer's thread.
Reactor = Callable[[AsyncConnection, Entry], Awaitable[None]]
# Does for several facts, in their order, what the reactors would do for each of them.
Together = Callable[[AsyncConnection, Sequence[Entry]], Awaitable[None]]
# Called when a timer of the slice is due, in the transaction that removes the timer. It may ring
# early, when the wall clock was turned back: whoever minds looks whether it is time.
TimerHandler = Callable[[AsyncConnection, Timer], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Feature:
    """One slice: its name, its HTTP doors, what it does on facts (by kind) and on timers. With
    `together`, `reactors` only says for which kinds."""

    name: str
    endpoints: tuple[Endpoint, ...] = ()
    reactors: Mapping[str, Reactor] = field(default_factory=dict)
    together: Together | None = None
    on_timer: TimerHandler | None = None
