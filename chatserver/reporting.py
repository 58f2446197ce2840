"""Errors to a Sentry, for who has one. Types, places and ids: no words, values or addresses."""

import logging
from typing import Any

from chatserver import __version__
from chatserver.errors import Rejected

# What Sentry would add by itself and nobody here may have: the request's address and words, who
# asked, what was logged before, the name of the machine.
DROPPED = ("request", "user", "breadcrumbs", "server_name", "modules", "threads")


def report_errors(dsn: str) -> None:
    """From now on every error that is logged goes there as well. Raises Rejected where the library
    is missing."""
    try:
        import sentry_sdk
        from sentry_sdk.integrations.logging import LoggingIntegration
    except ImportError as error:
        raise Rejected("CHATSERVER_SENTRY_DSN needs: pip install 'chatserver[sentry]'") from error
    sentry_sdk.init(
        dsn,
        release=f"chatserver@{__version__}",
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        server_name="",
        default_integrations=False,
        auto_enabling_integrations=False,
        integrations=[LoggingIntegration(level=None, event_level=logging.ERROR)],
        before_send=_without_words,  # type: ignore[arg-type]
    )


def _without_words(event: dict[str, Any], hint: dict[str, Any]) -> dict[str, Any]:
    """The message of an exception may quote what somebody wrote; its type and place do not."""
    for name in DROPPED:
        event.pop(name, None)
    record = hint.get("log_record")
    if record is not None:
        said = record.msg.get("event", "") if isinstance(record.msg, dict) else record.msg
        event["logentry"] = {"message": str(said), "params": []}
    for one in event.get("exception", {}).get("values", ()):
        one["value"] = ""
    return event
