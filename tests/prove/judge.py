"""The end: every fault is over, and the store, the histories and the screens must agree. Linear."""

from typing import TYPE_CHECKING

from chatserver.conversation.facts import Fact
from chatserver.conversation.model import Phase
from chatserver.conversation.transitions import fold
from tests.prove.client.agent import AgentTab
from tests.prove.client.visitor import VisitorTab
from tests.prove.observer import Witness
from tests.prove.store import Store

if TYPE_CHECKING:
    from tests.prove.world import World


def judge(world: "World") -> None:
    witness = world.witness
    _judge_log(witness)
    _judge_rows(witness)
    _judge_sends(world)
    for visitor in world.visitors:
        for tab, _ in visitor.tabs:
            for what in missing_of_tab(world.store, visitor.id, tab):
                witness.anomalies.found("lost", what)
    for agent in world.agents:
        if not agent.is_revoked:
            for what in missing_of_console(world.store, agent.tab):
                witness.anomalies.found("lost", what)


def missing_of_tab(store: Store, visitor_id: str, tab: VisitorTab) -> list[str]:
    """What is stored for a visitor and not on this tab's screen."""
    newest, state = store.of_visitor(visitor_id), tab.state
    if newest is None:
        return []
    if state.conversation != newest.id and newest.phase is not Phase.CLOSED:
        return [f"{tab.name} does not know of {newest.id}"]
    row = store.rows.get(state.conversation or "")
    if row is not None and state.last != row.visitor_seq:
        return [f"{tab.name} holds {state.last} of {row.visitor_seq} in {row.id}"]
    return []


def missing_of_console(store: Store, tab: AgentTab) -> list[str]:
    """What is stored and not on this console: facts of open threads, rows of the inbox."""
    console = tab.console
    found = [
        f"{tab.name} holds {thread.last} of {store.rows[key].seq} in {key}"
        for key, thread in console.threads.items()
        if thread.last != store.rows[key].seq
    ]
    shown = {key: row.revision for key, row in console.rows.items()}
    stored = {row.id: row.revision for row in store.open_rows()}
    if shown != stored:
        found.append(f"{tab.name} has another inbox: {len(shown.items() ^ stored.items())} rows")
    return found


def _judge_log(witness: Witness) -> None:
    """One pass over the log: no message twice, none that nobody wrote, each tab's order kept."""
    sent, found = witness.history.sent, witness.anomalies.found
    seen: set[tuple[str | None, str]] = set()
    last: dict[str, int] = {}
    for fact in witness.store.facts:
        if fact.client_id is None:
            continue
        key = (fact.author.id, fact.client_id)
        message = sent.get(fact.client_id)
        if key in seen:
            found("duplicate", f"{fact.client_id} again in {fact.conversation_id}")
            continue
        seen.add(key)
        if message is None or message.text != (fact.body.text if fact.body else None):
            found("phantom", f"{fact.client_id} was never written so")
            continue
        if message.verdict == "fail":
            found("phantom", f"{fact.client_id} was refused and is stored")
        if message.number <= last.get(message.tab, 0):
            found("reorder", f"{fact.client_id} of {message.tab}")
        last[message.tab] = max(message.number, last.get(message.tab, 0))


def _judge_rows(witness: Witness) -> None:
    """Both numberings count from 1 without holes, and each row is what its facts add up to."""
    store, found = witness.store, witness.anomalies.found
    for key, row in store.rows.items():
        log: list[Fact] = store.logs[key]
        if [fact.seq for fact in log] != list(range(1, len(log) + 1)):
            found("gap", f"agents' numbers of {key}")
        shown = [fact.visitor_seq for fact in log if fact.visitor_seq is not None]
        if shown != list(range(1, len(shown) + 1)):
            found("gap", f"visitors' numbers of {key}")
        if fold(log) != row:
            found("divergent", f"the row of {key} is not what its facts add up to")


def _judge_sends(world: "World") -> None:
    """What was acknowledged is stored; what was written by those who are still here is decided."""
    store, found = world.store, world.witness.anomalies.found
    stored = {(author, client_id) for _, author, client_id in store.sent}
    gone = {agent.id for agent in world.agents if agent.is_revoked}
    for message in world.witness.history.sent.values():
        if (message.author, message.client_id) in stored:
            continue
        if message.verdict == "ok":
            found("lost", f"{message.client_id} was acknowledged and is not stored")
        elif message.verdict == "info" and message.author not in gone:
            found("lost", f"{message.client_id} never went out")
