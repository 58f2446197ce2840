"""What became of commands. Pure."""

from collections.abc import Sequence

from msgspec import Struct

from chatserver.conversation.facts import Fact
from chatserver.conversation.model import Conversation
from chatserver.errors import ChatError


class Outcome(Struct, frozen=True, gc=False):
    """What became of a request. `fact` is the message of a send, else the last new fact or None;
    `duplicate`: it had been done before, and this is the first answer."""

    state: Conversation
    fact: Fact | None = None
    duplicate: bool = False


class Mark(Struct, frozen=True, gc=False):
    """A read mark that moved. `seq` and `visitor_seq` are the same place in both numberings,
    `count` is how many of the `written` messages of the other side lie up to there."""

    workspace_id: str
    conversation_id: str
    reader_id: str
    is_visitor: bool
    seq: int
    visitor_seq: int
    count: int
    written: int


class Commit(Struct, frozen=True):
    """What one transaction made true, in log order."""

    facts: tuple[Fact, ...]
    marks: tuple[Mark, ...]


def placed(
    results: Sequence[Outcome | ChatError], facts: Sequence[Fact]
) -> list[Outcome | ChatError]:
    """The results of a batch with their facts as they were stored: the log gives its positions
    last, when everything is decided."""
    stored = {(fact.conversation_id, fact.seq): fact for fact in facts}
    return [_placed(result, stored) for result in results]


def _placed(
    result: Outcome | ChatError, stored: dict[tuple[str, int], Fact]
) -> Outcome | ChatError:
    if isinstance(result, ChatError) or result.fact is None or result.fact.position:
        return result
    fact = stored[result.fact.conversation_id, result.fact.seq]
    return Outcome(result.state, fact, result.duplicate)
