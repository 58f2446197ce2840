"""Is the chat on the website, and would a browser let it work? Looks at one page, as a browser
would get it, and says what to change."""

from chatserver.broker.buckets import Buckets
from chatserver.config import Settings
from chatserver.feature import Feature
from chatserver.features.sitecheck.fetching import Fetcher
from chatserver.features.sitecheck.routes import CheckRoutes
from chatserver.features.sitecheck.service import SiteCheck
from chatserver.identity.service import Identity

__all__ = ["build"]


def build(
    *, identity: Identity, settings: Settings, buckets: Buckets, is_demo: bool = False
) -> Feature:
    """The demo's shop is on this machine, so a demo may look there."""
    fetcher = Fetcher(
        seconds=settings.site_check_seconds,
        most_bytes=settings.site_check_bytes,
        may_be_private=is_demo or bool(settings.site_check_private),
    )
    check = SiteCheck(
        sites=identity.sites,
        fetcher=fetcher,
        buckets=buckets,
        minute=settings.site_check_minute,
        widget_origin=settings.widget_origin,
    )
    return Feature("sitecheck", CheckRoutes(check).endpoints())
