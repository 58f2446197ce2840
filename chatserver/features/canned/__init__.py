"""Canned replies: prepared texts an agent inserts by shortcut, shared by the whole workspace."""

from chatserver.clock import Clock
from chatserver.feature import Feature
from chatserver.features.canned.routes import endpoints
from chatserver.features.canned.service import CannedReplies
from chatserver.ids import Ids
from chatserver.storage.database import Database

__all__ = ["CannedReplies", "build"]


def build(*, database: Database, clock: Clock, ids: Ids) -> Feature:
    """The slice's doors; it reacts to nothing."""
    replies = CannedReplies(database=database, clock=clock, ids=ids)
    return Feature(name="canned", endpoints=endpoints(replies))
