"""Transcripts: the readable, searchable record of every conversation in which somebody wrote."""

from dataclasses import dataclass
from datetime import timedelta

from chatserver.broker.buckets import Buckets
from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.transcripts.own import OwnTranscripts, SendMail
from chatserver.features.transcripts.own_routes import OwnRoutes
from chatserver.features.transcripts.reactor import KINDS, on_fact, on_facts
from chatserver.features.transcripts.routes import endpoints
from chatserver.features.transcripts.scores import Scores
from chatserver.features.transcripts.service import Transcripts
from chatserver.identity.visitors import Visitors
from chatserver.storage.database import Database
from chatserver.web.limits import Pace
from chatserver.web.pages import Pages

__all__ = ["Neighbours", "build", "for_visitors"]

# Somebody who wants a transcript asks once; three wrong addresses in a row are a bad day.
MAILS_AT_ONCE = 3


@dataclass(frozen=True, slots=True)
class Neighbours:
    """`send` takes a mail, and is None where mail is not configured."""

    visitors: Visitors
    buckets: Buckets
    send: SendMail | None


def build(
    *,
    database: Database,
    pages: Pages,
    ratings: Scores,
    own: OwnRoutes | None = None,
) -> Feature:
    """Keeps an index of conversations and answers questions about it; with `own` also visitors'."""
    doors = endpoints(Transcripts(database=database, ratings=ratings), pages)
    return Feature(
        name="transcripts",
        endpoints=(*doors, *(own.endpoints() if own else ())),
        reactors=dict.fromkeys(KINDS, on_fact),
        together=on_facts,
    )


def for_visitors(
    *,
    database: Database,
    clock: Clock,
    settings: Settings,
    pages: Pages,
    neighbours: Neighbours,
) -> OwnRoutes:
    """What visitors may do with their own conversations."""
    own = OwnTranscripts(
        database=database,
        clock=clock,
        reopen_within=timedelta(hours=settings.reopen_hours),
        send=neighbours.send,
    )
    rate = max(1, settings.transcript_mails_hour) / 3600
    return OwnRoutes(
        own=own,
        visitors=neighbours.visitors,
        pages=pages,
        widget_origin=settings.widget_origin,
        pace=Pace(neighbours.buckets, "transcript", rate=rate, burst=MAILS_AT_ONCE),
    )
