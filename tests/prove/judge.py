"""At rest: writes down what every client holds, and compares the rows with their facts. Linear."""

from typing import TYPE_CHECKING

from chatserver.conversation.transitions import fold
from tests.prove.agents import AgentPerson
from tests.prove.history import Event

if TYPE_CHECKING:
    from tests.prove.world import World


def look_at_screens(world: "World") -> None:
    note, now = world.witness.history.note, world.schedule.now
    for visitor in world.visitors:
        for tab, observer in visitor.tabs:
            if tab.connection.has_yielded:
                continue  # it says so on screen, and waits until somebody looks at it
            key, last = tab.state.conversation or "", tab.state.last
            note(Event(now, "held", observer.name, conversation=key, seq=last))
    for agent in world.agents:
        if not agent.is_revoked:
            _look_at_console(world, agent)


def compare_rows(world: "World") -> None:
    """Each row is what its facts add up to."""
    store, anomalies = world.store, world.witness.checks.anomalies
    for key, row in store.rows.items():
        if fold(store.logs[key]) != row:
            anomalies.found("divergent", f"the row of {key} is not what its facts add up to")


def _look_at_console(world: "World", agent: AgentPerson) -> None:
    note, now, console = world.witness.history.note, world.schedule.now, agent.tab.console
    for key, thread in console.threads.items():
        note(Event(now, "held", agent.id, conversation=key, seq=thread.last))
    for key, row in console.rows.items():
        note(Event(now, "row", agent.id, conversation=key, seq=row.revision))
    note(Event(now, "rows", agent.id, seq=len(console.rows)))
