"""The model of the database: one log with positions, rows, marks and the unique indexes. Reads are
snapshots because nothing else runs in between; a transaction's writes come all at once."""

from collections import OrderedDict

from chatserver.conversation.events import Opened
from chatserver.conversation.facts import Fact
from chatserver.conversation.model import Actor, AuthorKind, Conversation, Phase

EPOCH = "epoch-1"
# (conversation, author, client_id): unique; the conversation is empty for visitors, see `sent_key`.
SentKey = tuple[str, str, str]


def sent_key(conversation_id: str, author: Actor, client_id: str) -> SentKey:
    """A visitor's `client_id` is unique in all of the visitor's conversations."""
    is_visitor = author.kind is AuthorKind.VISITOR
    return "" if is_visitor else conversation_id, author.id or "", client_id


class Store:
    """What is committed. `facts[n]` has position n + 1; `seen` is a log in visitors' numbers."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []
        self.logs: dict[str, list[Fact]] = {}
        self.seen: dict[str, list[Fact]] = {}
        self.rows: OrderedDict[str, Conversation] = OrderedDict()  # the newest revision last
        self.sent: dict[SentKey, Fact] = {}
        self.newest: dict[str, str] = {}
        self.marks: dict[str, dict[str, tuple[int, int]]] = {}  # by conversation and reader
        self.sessions: dict[str, str] = {}
        self.away_until = 0.0

    @property
    def position(self) -> int:
        return len(self.facts)

    def write(self, facts: list[Fact], rows: dict[str, Conversation]) -> None:
        """One commit: all of it or, when the process dies before, nothing."""
        for fact in facts:
            key = fact.conversation_id
            self.facts.append(fact)
            self.logs.setdefault(key, []).append(fact)
            if isinstance(fact.event, Opened):
                self.newest[fact.event.visitor_id] = key
            if fact.visitor_seq is not None:
                self.seen.setdefault(key, []).append(fact)
            if fact.client_id:
                self.sent[sent_key(key, fact.author, fact.client_id)] = fact
        for key, row in rows.items():
            self.rows[key] = row
            self.rows.move_to_end(key)

    def of_visitor(self, visitor_id: str) -> Conversation | None:
        key = self.newest.get(visitor_id)
        return self.rows[key] if key else None

    def window(self, conversation_id: str, after: int, limit: int, *, visitor: bool) -> list[Fact]:
        """The first facts behind a number. Numbers have no holes, so they are places."""
        log = (self.seen if visitor else self.logs).get(conversation_id, [])
        return log[after : after + limit]

    def before(self, conversation_id: str, before: int, limit: int, *, visitor: bool) -> list[Fact]:
        log = (self.seen if visitor else self.logs).get(conversation_id, [])
        end = min(len(log), before - 1)
        return log[max(0, end - limit) : max(0, end)]

    def changed_since(self, position: int, limit: int) -> list[Conversation]:
        found = []
        for row in reversed(self.rows.values()):
            if row.revision <= position:
                break
            found.append(row)
        return found[::-1][:limit]

    def open_rows(self) -> list[Conversation]:
        return [row for row in self.rows.values() if row.phase is not Phase.CLOSED]

    # Between the two numberings

    def to_agents(self, conversation_id: str, visitor_seq: int) -> int:
        log = self.seen.get(conversation_id, [])
        return log[min(visitor_seq, len(log)) - 1].seq if log and visitor_seq > 0 else 0

    def to_visitors(self, conversation_id: str, seq: int) -> int:
        """The largest visitor number at or below an agents' number."""
        log = self.logs.get(conversation_id, [])
        for fact in reversed(log[:seq]):
            if fact.visitor_seq is not None:
                return fact.visitor_seq
        return 0

    # Marks

    def move_mark(self, conversation_id: str, reader: str, seq: int, count: int) -> bool:
        """False when it was there already: a mark never goes back."""
        marks = self.marks.setdefault(conversation_id, {})
        if reader in marks and marks[reader][0] >= seq:
            return False
        marks[reader] = (seq, count)
        return True

    def furthest_marks(self, row: Conversation) -> tuple[int, int]:
        """How far the visitor and the furthest agent have read, in the agents' numbering."""
        marks = self.marks.get(row.id, {})
        agents = [seq for reader, (seq, _) in marks.items() if reader != row.visitor_id]
        return marks.get(row.visitor_id, (0, 0))[0], max(agents, default=0)

    def read_counts(self, reader: str) -> dict[str, int]:
        return {key: marks[reader][1] for key, marks in self.marks.items() if reader in marks}
