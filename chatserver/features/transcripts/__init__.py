"""Transcripts: the readable, searchable record of every conversation in which somebody wrote."""

from chatserver.feature import Feature
from chatserver.features.transcripts.reactor import KINDS, on_fact, on_facts
from chatserver.features.transcripts.routes import endpoints
from chatserver.features.transcripts.service import Transcripts
from chatserver.storage.database import Database
from chatserver.web.pages import Pages

__all__ = ["build"]


def build(*, database: Database, pages: Pages) -> Feature:
    """Keeps an index of conversations and answers questions about it."""
    return Feature(
        name="transcripts",
        endpoints=endpoints(Transcripts(database=database), pages),
        reactors=dict.fromkeys(KINDS, on_fact),
        together=on_facts,
    )
