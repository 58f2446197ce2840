"""What other people's websites load: the loader, a site's public settings, the panel's frame, and a
test page that embeds it all as a website would."""

from collections.abc import Callable

from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.embed.leaving import LeavingRoutes
from chatserver.features.embed.loaders import Loaders
from chatserver.features.embed.routes import Embed, Openings, Usual
from chatserver.identity.service import Identity
from chatserver.web.pages import Pages

__all__ = ["Loaders", "build"]


def build(
    *,
    identity: Identity,
    settings: Settings,
    pages: Pages,
    opening: Openings,
    usual: Usual,
    send_back: Callable[[str], None],
) -> Feature:
    """The slice's doors; it reacts to nothing."""
    embed = Embed(
        sites=identity.sites,
        frames=identity.frames,
        settings=settings,
        pages=pages,
        opening=opening,
        usual=usual,
    )
    leaving = LeavingRoutes(
        visitors=identity.visitors, widget_origin=settings.widget_origin, send_back=send_back
    )
    return Feature(name="embed", endpoints=(*embed.endpoints(), *leaving.endpoints()))
