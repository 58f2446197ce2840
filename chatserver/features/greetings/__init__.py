"""What the widget says of its own accord: rules for visitors' browsers, and how often it helped."""

from chatserver.broker.buckets import Buckets
from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.greetings.reactor import REACTORS
from chatserver.features.greetings.routes import GreetingRoutes
from chatserver.features.greetings.service import Counting
from chatserver.identity.service import Identity
from chatserver.storage.database import Database
from chatserver.web.addresses import Addresses

__all__ = ["build"]


def build(
    *,
    database: Database,
    clock: Clock,
    identity: Identity,
    settings: Settings,
    buckets: Buckets,
) -> Feature:
    counting = Counting(
        database=database,
        clock=clock,
        sites=identity.sites,
        buckets=buckets,
        minute=settings.greeting_minute,
    )
    routes = GreetingRoutes(
        sites=identity.sites,
        counting=counting,
        addresses=Addresses(settings.trusted_proxies),
    )
    return Feature("greetings", routes.endpoints(), REACTORS)
