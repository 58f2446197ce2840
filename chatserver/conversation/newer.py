"""What a newer release has stored, or tells its neighbours, as far as this one can read it.

During an upgrade both serve, and afterwards the former may be wanted back. A kind of fact that we
do not know is `Unknown`, without its words; an author of a kind that we do not know is the system.
"""

from collections.abc import Mapping
from typing import Any

from chatserver.conversation.events import KINDS, Unknown, kind_of
from chatserver.conversation.model import AuthorKind

_AUTHORS = frozenset(kind.value for kind in AuthorKind)


def is_known(kind: str) -> bool:
    return kind in KINDS


def author_kind(kind: str) -> AuthorKind:
    return AuthorKind(kind) if kind in _AUTHORS else AuthorKind.SYSTEM


def readable(fact: Mapping[str, Any]) -> dict[str, Any]:
    """A fact as another node wrote it, in terms that we know."""
    author, kind = fact["author"], fact["event"]["kind"]
    told = {**fact, "author": {**author, "kind": author_kind(author["kind"])}}
    if not is_known(kind):
        is_for_visitors = fact.get("visitor_seq") is not None
        told["event"] = {"kind": kind_of(Unknown(False)), "is_for_visitors": is_for_visitors}
        told["body"] = None
    return told
