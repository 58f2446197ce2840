"""The visitor who left: one mail with the unread answers, and a link that leads back once."""

from datetime import timedelta

from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.absent.links import Links
from chatserver.features.absent.reactor import SLICE, Absent, Neighbours
from chatserver.features.absent.routes import AbsentRoutes
from chatserver.identity.service import Identity
from chatserver.identity.signing import Signing, keys_of
from chatserver.storage.database import Database
from chatserver.web.pages import Pages

__all__ = ["Neighbours", "build"]


def build(
    *,
    database: Database,
    clock: Clock,
    identity: Identity,
    settings: Settings,
    pages: Pages,
    neighbours: Neighbours,
) -> Feature:
    """With 0 seconds, or without mail, nobody is written to; links that are out still work."""
    links = Links(
        database=database,
        clock=clock,
        identity=identity,
        signing=Signing(keys_of(settings.secret_key)),
        settings=settings,
    )
    absent = Absent(
        clock=clock,
        sites=identity.sites,
        links=links,
        limit=timedelta(seconds=settings.absent_mail_seconds),
        neighbours=neighbours,
    )
    routes = AbsentRoutes(links=links, pages=pages, widget_origin=settings.widget_origin)
    return Feature(
        name=SLICE,
        endpoints=routes.endpoints(),
        reactors=dict.fromkeys(absent.kinds, absent.on_fact),
        together=absent.on_facts,
        on_timer=absent.on_timer,
    )
