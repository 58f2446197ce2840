"""What a site's owner pastes into their pages. Origins come from the settings, not a request."""

from html import escape

from chatserver.config import Settings


def snippet(settings: Settings, site_key: str) -> str:
    loader = f"{settings.widget_origin}/widget.js"
    return f'<script async src="{escape(loader)}" data-site="{escape(site_key)}"></script>'


def pinned_snippet(settings: Settings, site_key: str, path: str, integrity: str) -> str:
    """It names one loader by its content; the browser refuses any other."""
    loader = f"{settings.widget_origin}{path}"
    return (
        f'<script async src="{escape(loader)}" integrity="{escape(integrity)}"'
        f' crossorigin="anonymous" data-site="{escape(site_key)}"></script>'
    )


def stage_url(settings: Settings, site_key: str) -> str:
    """The page beside the customiser, for the console alone to frame."""
    return f"{settings.widget_origin}/preview/stage?site={site_key}"


def preview_url(settings: Settings, site_key: str) -> str:
    """A page of ours that carries the snippet."""
    return f"{settings.widget_origin}/preview?site={site_key}"
