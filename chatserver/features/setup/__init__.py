"""The first run: an empty installation becomes a workspace with an owner and a site."""

from chatserver.broker.buckets import Buckets
from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.setup.routes import SetupRoutes
from chatserver.features.setup.service import Setup
from chatserver.identity.service import Identity
from chatserver.web.pages import Pages

__all__ = ["Setup", "build"]


def build(
    *, setup: Setup, identity: Identity, settings: Settings, buckets: Buckets, pages: Pages
) -> Feature:
    """The slice's doors. Whoever starts the service prints `setup.secret` while it is open."""
    routes = SetupRoutes(
        setup=setup, identity=identity, settings=settings, buckets=buckets, pages=pages
    )
    return Feature(name="setup", endpoints=routes.endpoints())
