"""Batches of commands: conversation/service.py without a loop, dying and failing at every point."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from chatserver.conversation.commands import Request
from chatserver.conversation.outcome import Commit, Outcome
from chatserver.errors import ChatError, Rejected, Unavailable
from tests.prove.transaction import Transaction

if TYPE_CHECKING:
    from tests.prove.node import Node

Then = Callable[[Outcome | ChatError], None]
Waiting = tuple[Request, Then]
Results = list[Outcome | ChatError]


class Commits:
    """Of one life of a node: what waits when it dies is never answered."""

    def __init__(self, node: "Node") -> None:
        self._node, self._site, self._life = node, node.site, node.life
        self._waiting: list[Waiting] = []

    @property
    def is_settled(self) -> bool:
        return not self._waiting

    def submit(self, request: Request, then: Then) -> None:
        self._waiting.append((request, then))
        if len(self._waiting) == 1:
            delay = self._site.chance.between(0.001, 0.005)
            self._site.schedule.after(delay, self._begin)

    def _begin(self) -> None:
        waiting, self._waiting = self._waiting, []
        self._commit(waiting)

    def _commit(self, waiting: list[Waiting], is_answered: bool = False) -> None:
        site, node = self._site, self._node
        if self._life != node.life:
            return
        if site.lacks_store():
            _fail(waiting)
            return
        transaction = Transaction(
            site.store, at=node.wall_time(), rules=site.rules, broken=site.broken
        )
        results = transaction.run([request for request, _ in waiting])
        if site.broken == "ack before commit" and not is_answered:
            _answer(waiting, results)
            late = [(request, _never) for request, _ in waiting]
            site.schedule.after(0.1, self._commit, late, True)
            return
        if site.broken == "hint treated as truth":
            node.relay.announce(Commit(tuple(transaction.facts), ()))
        if not node.dies("before commit"):
            self._store(transaction, waiting, results)

    def _store(self, transaction: Transaction, waiting: list[Waiting], results: Results) -> None:
        chance, odds = self._site.chance, self._site.chance.weather.commit_unknown
        if chance.strikes("commit unknown, rolled back", odds):
            self._answer_unknown(waiting, results)
            return
        commit = transaction.commit()
        self._site.committed(transaction)
        if chance.strikes("commit unknown, stored", odds):
            self._answer_unknown(waiting, results)
        elif not self._node.dies("after commit"):
            self._tell(commit, waiting, results)

    def _tell(self, commit: Commit, waiting: list[Waiting], results: Results) -> None:
        self._node.relay.announce(commit)
        if not self._node.dies("after hint"):
            _answer(waiting, results)
            self._node.dies("after reply")

    def _answer_unknown(self, waiting: list[Waiting], results: Results) -> None:
        """Nobody knows whether it is stored: only "try again" is true in both cases."""
        if self._site.broken == "unknown commit taken for done":
            _answer(waiting, results)
        elif self._site.broken == "unknown commit taken for refused":
            _answer(waiting, [Rejected("no") for _ in waiting])
        else:
            _fail(waiting)


def _never(_result: Outcome | ChatError) -> None:
    return None


def _answer(waiting: list[Waiting], results: Results) -> None:
    for (_, then), result in zip(waiting, results, strict=True):
        then(result)


def _fail(waiting: list[Waiting]) -> None:
    for _, then in waiting:
        then(Unavailable("the database did not answer in time", retry_after=1))
