"""Looks at a page of a site's own and says what it found."""

from collections.abc import Sequence
from urllib.parse import urldefrag, urlsplit

from starlette.concurrency import run_in_threadpool

from chatserver.broker.buckets import Buckets
from chatserver.errors import Invalid
from chatserver.features.sitecheck.fetching import Fetched, Fetcher, NotFetched
from chatserver.features.sitecheck.model import Finding, Level, read_page
from chatserver.features.sitecheck.rules import judge
from chatserver.identity.model import AgentSession, Site, SiteFields
from chatserver.identity.origins import normal_origin
from chatserver.identity.sites import Sites
from chatserver.web.limits import Pace

ADDRESS_CHARS = 2000
POLICY = "content-security-policy"


class SiteCheck:
    def __init__(
        self,
        *,
        sites: Sites,
        fetcher: Fetcher,
        buckets: Buckets,
        minute: int,
        widget_origin: str,
    ) -> None:
        self._sites = sites
        self._fetcher = fetcher
        self._pace = Pace(buckets, "site checks", rate=minute / 60, burst=minute)
        self._widget_origin = widget_origin

    async def look(self, by: AgentSession, site_id: str, address: str) -> Sequence[Finding]:
        """Raises NotFound, Invalid or RateLimited."""
        site = await self._sites.draft(by.workspace_id, site_id, SiteFields(), {})
        address, origin = _checked(address)
        if origin not in site.origins:
            return [Finding("origin_missing", Level.BAD, {"origin": origin})]
        await self._pace.take(by.workspace_id)
        try:
            answer = await self._fetcher.get(address, site.origins)
        except NotFetched as error:
            about = {"about": error.about} if error.about else {}
            return [Finding(f"page_{error.reason}", Level.BAD, about)]
        # Reading is work, and a page may be made to be hard to read.
        return await run_in_threadpool(self._read, answer, site)

    def _read(self, answer: Fetched, site: Site) -> Sequence[Finding]:
        if answer.status != 200:
            return [Finding("page_status", Level.BAD, {"status": str(answer.status)})]
        media_type, _, rest = answer.headers.get("content-type", [""])[0].partition(";")
        is_packed = answer.headers.get("content-encoding", ["identity"])[0].strip() != "identity"
        if "html" not in media_type.lower() or is_packed:
            return [Finding("page_unreadable", Level.BAD)]
        text = _decoded(answer.body, rest.partition("charset=")[2].strip(" \"'"))
        page = read_page(answer.address, text, tuple(answer.headers.get(POLICY, ())))
        found = [Finding("page_found", Level.OK, {"address": answer.address[:300]})]
        if answer.is_cut:
            found.append(Finding("page_long", Level.WARN))
        return [*found, *judge(page, site, self._widget_origin)]


def _checked(text: str) -> tuple[str, str]:
    """The address and its origin. Raises Invalid."""
    address = urldefrag(text.strip()).url
    try:
        parts = urlsplit(address)
        origin = normal_origin(f"{parts.scheme}://{parts.netloc}")
    except ValueError:
        origin = None
    if origin is None or len(address) > ADDRESS_CHARS:
        raise Invalid(fields={"address": "not_a_page"})
    return f"{origin}{parts.path or '/'}" + (f"?{parts.query}" if parts.query else ""), origin


def _decoded(body: bytes, charset: str) -> str:
    """Tags and policies are ASCII in whatever the rest is written."""
    try:
        return body.decode(charset or "utf-8", errors="replace")
    except (LookupError, UnicodeError):
        return body.decode("utf-8", errors="replace")
