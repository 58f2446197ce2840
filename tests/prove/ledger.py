"""The log of facts as a history tells it: what the checks compare everything else with."""

from tests.prove.history import Event

OPENED, CLOSED, REOPENED = "conversation.opened", "conversation.closed", "conversation.reopened"

Numbered = dict[str, dict[int, Event]]


class Ledger:
    """`facts[n]` has log position n + 1. `open`: the last position of each open conversation."""

    def __init__(self) -> None:
        self.facts: list[Event] = []
        self.owners: dict[str, str] = {}
        self.newest: dict[str, str] = {}
        self.open: dict[str, int] = {}
        self._agents: Numbered = {}
        self._visitors: Numbered = {}
        self._heads: dict[tuple[str, bool], int] = {}

    def add(self, fact: Event) -> None:
        key = fact.conversation
        self.facts.append(fact)
        self._number(self._agents, fact, fact.seq, visitor=False)
        if fact.shown:
            self._number(self._visitors, fact, fact.shown, visitor=True)
        if fact.kind == OPENED:
            self.owners[key] = fact.author
            self.newest[fact.author] = key
        if fact.kind == CLOSED:
            self.open.pop(key, None)
        elif key in self.open or fact.kind in (OPENED, REOPENED):
            self.open[key] = len(self.facts)

    def find(self, conversation: str, seq: int, *, visitor: bool) -> Event | None:
        return (self._visitors if visitor else self._agents).get(conversation, {}).get(seq)

    def head(self, conversation: str, *, visitor: bool) -> int:
        return self._heads.get((conversation, visitor), 0)

    def _number(self, numbered: Numbered, fact: Event, seq: int, *, visitor: bool) -> None:
        numbered.setdefault(fact.conversation, {})[seq] = fact
        self._heads[fact.conversation, visitor] = seq
