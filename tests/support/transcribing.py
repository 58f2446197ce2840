"""The slice of transcripts with the doors of visitors, in front of the named world."""

from chatserver.broker.buckets import MemoryBuckets
from chatserver.feature import Feature
from chatserver.features import csat, transcripts
from chatserver.features.transcripts.own import SendMail
from tests.support.slices import SETTINGS, World


def transcripts_of(world: World, send: SendMail | None = None) -> Feature:
    """`send` takes a mail; without it mail is not set up."""
    own = transcripts.for_visitors(
        database=world.database,
        clock=world.clock,
        settings=SETTINGS,
        pages=world.pages,
        neighbours=transcripts.Neighbours(
            visitors=world.identity.visitors, buckets=MemoryBuckets(world.clock), send=send
        ),
    )
    return transcripts.build(
        database=world.database, pages=world.pages, ratings=csat.store, own=own
    )
