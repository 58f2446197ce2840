"""What a request wants of the transcripts, read from its query."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from starlette.requests import Request

from chatserver.errors import Invalid
from chatserver.features.transcripts.export import zone
from chatserver.features.transcripts.model import Filter, words_of

# Up to the last millisecond: times are stored no finer.
DAY = timedelta(days=1, milliseconds=-1)


def wanted(request: Request) -> Filter:
    """`q`, `site`, `agent`, `from`, `to`, `score`. Raises Invalid."""
    query, tz = request.query_params, zone(request.query_params.get("tz"))
    return Filter(
        words=words_of(query.get("q", "")),
        site_id=_id(request, "site"),
        agent_id=_id(request, "agent"),
        since=_moment(request, "from", tz),
        until=_moment(request, "to", tz),
        scores=_scores(query.get("score", "")),
    )


def _id(request: Request, name: str) -> str | None:
    text = request.query_params.get(name, "")
    if len(text) > 64 or not text.isascii() or not text.isprintable():
        raise Invalid(fields={name: "unknown"})
    return text or None


def _scores(text: str) -> tuple[int, ...]:
    """Some of 1 to 5, as `1,2`."""
    if not re.fullmatch(r"([1-5](,[1-5]){0,4})?", text):
        raise Invalid("scores look like 1,2", fields={"score": "unknown"})
    return tuple(int(one) for one in text.split(",") if one)


def _moment(request: Request, name: str, tz: tzinfo) -> datetime | None:
    """An ISO 8601 time, or a day: `from` its first moment, `to` its last."""
    text = request.query_params.get(name, "").replace(" ", "+")
    if not text:
        return None
    try:
        if "T" in text:
            at = datetime.fromisoformat(text)
            at = at if at.tzinfo else at.replace(tzinfo=tz)
        else:
            at = datetime.combine(date.fromisoformat(text), time(), tz)
            at += DAY if name == "to" else timedelta()
        return at.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid("a day looks like 2026-03-01", fields={name: "unknown"}) from error
