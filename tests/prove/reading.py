"""What both desks read of the store: realtime/reading.py and rows.py over the model store."""

from msgspec import Struct

from chatserver.conversation.facts import Fact
from chatserver.conversation.model import Conversation, Phase
from chatserver.errors import NotFound
from chatserver.protocol import agent as wire
from chatserver.protocol.shared import Agent
from chatserver.realtime.unread import RowNews
from tests.prove.store import Store

# Smaller than the real ones (50, 500, 100, 500): clients fall out of the window within minutes.
PAGE = 20
MAX_MISSING = 60
CHUNK = 10
MAX_CHANGES = 12


class Missing(Struct, frozen=True):
    """`facts` follow on `after` without a hole, and `more` on them. `restart`: that is not where
    the client is."""

    conversation: Conversation
    after: int
    facts: list[Fact]
    restart: bool
    more: bool


def read_missing(
    store: Store, conversation_id: str, after: int | None, *, visitor: bool
) -> Missing:
    state = store.rows.get(conversation_id)
    if state is None:
        raise NotFound
    head = state.visitor_seq if visitor else state.seq
    start = after if after is not None and 0 <= head - after <= MAX_MISSING else None
    begin = max(0, head - PAGE) if start is None else start
    facts = store.window(conversation_id, begin, CHUNK, visitor=visitor)
    restart = after is not None and start is None
    return Missing(state, begin, facts, restart, more=len(facts) == CHUNK)


def read_page(
    store: Store, key: str, window: tuple[int | None, int | None, int], *, visitor: bool
) -> tuple[list[Fact], bool]:
    """`window` is (before, after, limit). Raises NotFound."""
    before, after, limit = window
    if key not in store.rows:
        raise NotFound
    if before is None and after is not None:
        facts = store.window(key, after, limit + 1, visitor=visitor)
        return facts[:limit], len(facts) > limit
    facts = store.before(key, before or 2**31 - 1, limit + 1, visitor=visitor)
    start = after or 0
    facts = [fact for fact in facts if ((fact.visitor_seq if visitor else fact.seq) or 0) > start]
    return facts[-limit:], len(facts) > limit


class Rows(Struct, frozen=True):
    position: int
    rows: list[RowNews]
    restart: bool = False
    more: bool = False


def rows_behind(store: Store, position: int) -> Rows:
    """The next rows that changed behind `position`, without leaving one out."""
    changed = store.changed_since(position, MAX_CHANGES)
    rows = [_news(state) for state in changed]
    if len(changed) < MAX_CHANGES:
        return Rows(store.position, rows)
    return Rows(changed[-1].revision, rows, more=True)


def rows_since(store: Store, position: int | None) -> Rows:
    """What changed behind `position`, or with None everything that is open."""
    if position is not None:
        changed = store.changed_since(position, MAX_CHANGES + 1)
        if len(changed) <= MAX_CHANGES:
            return Rows(store.position, [_news(state) for state in changed])
    rows = [_news(state) for state in store.open_rows()]
    return Rows(store.position, rows, restart=position is not None)


def _news(state: Conversation) -> RowNews:
    row = wire.InboxRow(
        conversation=state.id,
        revision=state.revision,
        gone=state.phase is Phase.CLOSED,
        phase=state.phase.value,
        seq=state.seq,
        assignee=Agent(state.assignee_id, "") if state.assignee_id else None,
    )
    return RowNews(row, state.visitor_messages)
