"""Links that lead back: made for a mail, good once, for one visitor, for some days."""

from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.conversation.model import Conversation
from chatserver.errors import Gone, NotFound
from chatserver.features.absent import store
from chatserver.features.absent.model import Link
from chatserver.identity import site_store, visitor_store
from chatserver.identity.model import Site, Visitor
from chatserver.identity.service import Identity
from chatserver.identity.signing import Signing
from chatserver.ids import digest, new_secret
from chatserver.storage.database import Database

# What the loader looks for behind the `#` of a page, where neither servers nor referrers see it.
MARK = "chat-resume="
REFUSAL = "no-mail"
SECRET_CHARS = 100


class Links:
    """The secret is in the mail and nowhere else: we keep its digest."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        identity: Identity,
        signing: Signing,
        settings: Settings,
    ) -> None:
        self._database = database
        self._clock = clock
        self._identity = identity
        self._signing = signing
        self._origin = settings.widget_origin
        self.days = settings.resume_link_days

    async def make(
        self, connection: AsyncConnection, state: Conversation, visitor: Visitor, secret: str
    ) -> None:
        """In the transaction that sends the mail."""
        now = self._clock.now()
        link = Link(
            digest=digest(secret),
            conversation_id=state.id,
            site_id=state.site_id,
            visitor_id=visitor.id,
            workspace_id=state.workspace_id,
            customer_id=visitor.customer_id,
            created_at=now,
            expires_at=now + timedelta(days=self.days),
        )
        await store.sweep_links(connection, now - timedelta(days=self.days))
        await store.add_link(connection, link)

    def secret(self) -> str:
        return new_secret()

    def address(self, secret: str) -> str:
        return f"{self._origin}/back/{secret}"

    async def destination(self, secret: str) -> tuple[str | None, str | None]:
        """Where the link leads now, and where its chat is without it. Looking uses nothing up:
        mail servers look at links before people do."""
        async with self._database.read() as connection:
            link = await self._find(connection, secret)
            if link is None:
                return None, None
            home = await self._home(connection, link)
        if home is None or not self._is_good(link):
            return None, home
        return f"{home}{'&' if '#' in home else '#'}{MARK}{secret}", home

    async def redeem(self, secret: str, site_key: str) -> str:
        """The visitor's new token, for the link that was still good. Raises Gone."""
        site = await self._identity.sites.by_key(site_key)
        async with self._database.write() as connection:
            link = await self._find(connection, secret)
            now = self._clock.now()
            if link is None or link.site_id != site.id:
                raise Gone("this link leads nowhere any more")
            if not await self._is_of(connection, link):
                raise Gone("this visitor is somebody else by now")
            if not await store.use_link(connection, link, now):
                raise Gone("this link was used, or is too old")
            token = await self._identity.visitors.admit(
                connection, link.workspace_id, link.visitor_id
            )
        if token is None:
            raise Gone("this visitor is not known any more")
        return token

    def refusal(self, workspace_id: str, email: str) -> str:
        """The address at which whoever has this e-mail says that they want no more of these."""
        said = f"{workspace_id}.{self.blurred(workspace_id, email)}"
        return f"{self._origin}/no-mail/{self._signing.sign(REFUSAL, said)}"

    def blurred(self, workspace_id: str, email: str) -> str:
        return digest(f"{workspace_id} {email.lower()}")

    def check_refusal(self, signed: str) -> tuple[str, str]:
        """Workspace and blurred e-mail. Raises NotFound."""
        workspace_id, _, blurred = (self._signing.read(REFUSAL, signed) or "").partition(".")
        if not blurred:
            raise NotFound
        return workspace_id, blurred

    async def refuse(self, signed: str) -> None:
        """Raises NotFound."""
        workspace_id, blurred = self.check_refusal(signed)
        async with self._database.write() as connection:
            await store.refuse(connection, workspace_id, blurred, self._clock.now())

    async def _find(self, connection: AsyncConnection, secret: str) -> Link | None:
        if not 0 < len(secret) <= SECRET_CHARS:
            return None
        return await store.find_link(connection, digest(secret))

    def _is_good(self, link: Link) -> bool:
        return link.used_at is None and link.expires_at > self._clock.now()

    async def _is_of(self, connection: AsyncConnection, link: Link) -> bool:
        """The address may have been anybody's. What the visitor was identified as since then is not
        for whoever reads mail there."""
        found = await visitor_store.get(connection, link.workspace_id, [link.visitor_id])
        visitor = found.get(link.visitor_id)
        return (
            visitor is not None
            and visitor.merged_into is None
            and visitor.customer_id == link.customer_id
        )

    async def _home(self, connection: AsyncConnection, link: Link) -> str | None:
        """The page on which the visitor was, where our chat may be; else the chat's own page."""
        sites = await site_store.get(connection, link.workspace_id, [link.site_id])
        visitors = await visitor_store.get(connection, link.workspace_id, [link.visitor_id])
        site, visitor = sites.get(link.site_id), visitors.get(link.visitor_id)
        if site is None or not site.enabled:
            return None
        page = visitor.page_url if visitor else None
        return page if page and _is_of(site, page) else f"{self._origin}/chat/{site.key}"


def _is_of(site: Site, page: str) -> bool:
    parts = urlsplit(page)
    return f"{parts.scheme}://{parts.netloc}" in site.origins
