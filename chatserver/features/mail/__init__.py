"""Mail: an outbox that loses nothing, and a post that carries it to the configured server."""

from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.mail.action import Action
from chatserver.features.mail.letters import Letters
from chatserver.features.mail.outbox import SLICE, Outbox
from chatserver.features.mail.post import Post
from chatserver.features.mail.routes import MailRoutes
from chatserver.features.mail.smtp import Smtp
from chatserver.ids import Ids
from chatserver.storage.database import Database

__all__ = ["MailSlice", "build"]


class MailSlice:
    """The slice's parts: `feature` for the house, `action` for other slices, `post` to be run,
    `numbers` for whoever measures."""

    def __init__(self, *, database: Database, clock: Clock, ids: Ids, settings: Settings) -> None:
        letters = Letters()
        outbox = Outbox(database=database, clock=clock, ids=ids, settings=settings)
        routes = MailRoutes(database=database, outbox=outbox, letters=letters, settings=settings)
        self.action = Action(outbox=outbox, letters=letters)
        self.numbers = outbox.numbers
        self.post = Post(database=database, clock=clock, outbox=outbox, smtp=Smtp(settings))
        self.feature = Feature(
            name=SLICE, endpoints=routes.endpoints(), on_timer=self.post.on_timer
        )


def build(*, database: Database, clock: Clock, ids: Ids, settings: Settings) -> MailSlice:
    return MailSlice(database=database, clock=clock, ids=ids, settings=settings)
