"""The websites of a workspace, as the console's settings show and change them."""

from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.sites.keys import KeyRoutes
from chatserver.features.sites.routes import SiteRoutes
from chatserver.identity.service import Identity

__all__ = ["build"]


def build(*, identity: Identity, settings: Settings) -> Feature:
    """The slice's doors; the rules of sites live in `identity`."""
    routes = SiteRoutes(sites=identity.sites, settings=settings)
    return Feature(name="sites", endpoints=(*routes.endpoints(), *KeyRoutes(identity).endpoints()))
