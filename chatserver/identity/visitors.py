"""Who visits: strangers until they say otherwise, and known again by their token."""

from collections.abc import Collection
from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.errors import BadToken, ChatError, IdentityRefused, NotFound
from chatserver.identity import browsing, visitor_store
from chatserver.identity.claims import Claims
from chatserver.identity.model import Arrival, Site, Visitor
from chatserver.identity.seen import Seen
from chatserver.identity.sites import Sites
from chatserver.identity.visitor_store import Token
from chatserver.identity.visitor_tokens import VisitorTokens
from chatserver.identity.vouching import Vouching
from chatserver.ids import Ids
from chatserver.protocol.shared import Page
from chatserver.storage.condition import NotStored
from chatserver.storage.database import Database


class Visitors:
    """Lets visitors in, and knows them again."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: Ids,
        sites: Sites,
        tokens: VisitorTokens,
        vouching: Vouching,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._sites = sites
        self._tokens = tokens
        self._vouching = vouching
        self.seen = Seen(database)

    async def arrive(
        self,
        site_key: str,
        *,
        token: str | None = None,
        page: Page | None = None,
        locale: str | None = None,
        user_agent: str | None = None,
        identity: str | None = None,
    ) -> Arrival:
        """The visitor of this token, or a new one when it is unknown, expired or of another site.
        With an `identity` that is believed, the visitor of that customer.

        Raises NotFound when the site is unknown or disabled. While nothing can be stored, who is
        known already may come in all the same.
        """
        seen = self._seen(page, locale, user_agent)
        site, again = await self._come_again(site_key, token or "", seen)
        if again is not None and identity is None:
            return again
        claims, refused = await self._claims(site, identity)
        try:
            async with self._database.write() as connection:
                known = await self._tokens.find(connection, token or "")
                if known is not None and known.site_id != site.id:
                    known = None
                if claims is not None:
                    return await self._vouching.arrive(
                        connection, site, claims, token=known, seen=seen
                    )
                if known is None:
                    arrival = await self._welcome(connection, site, seen)
                else:
                    arrival = await self._return(connection, site, known, seen)
        except NotStored as error:
            found = await self._recognize(site, token or "")
            if found is None:
                raise
            arrival, refused = found, refused or (error if claims else None)
        return msgspec.structs.replace(arrival, refused=refused) if refused else arrival

    async def refresh(self, token: str, visitor_id: str) -> tuple[str, datetime]:
        """A successor and when it ends. Raises BadToken when the token is unknown, expired or
        somebody else's."""
        async with self._database.write() as connection:
            known = await self._tokens.find(connection, token)
            if known is None or known.visitor_id != visitor_id:
                raise BadToken
            visitor = await self._find(connection, known.workspace_id, known.visitor_id)
            if visitor is None:
                raise BadToken
            return await self._tokens.issue(connection, visitor, succeeds=known)

    async def of_token(self, token: str) -> Visitor | None:
        """Whose token this is; None: unknown, expired or erased. Using it here renews nothing.
        Raises NotFound when the site is disabled."""
        async with self._database.read() as connection:
            known = await self._tokens.look_up(connection, token)
            if known is None:
                return None
            visitor = await self._find(connection, known.workspace_id, known.visitor_id)
            if visitor and not await self._sites.is_open(
                connection, visitor.workspace_id, visitor.site_id
            ):
                raise NotFound("there is no such site, or it is switched off")
        return visitor

    async def admit(
        self, connection: AsyncConnection, workspace_id: str, visitor_id: str
    ) -> str | None:
        """One more token for somebody who proved to be this visitor; None: there is none."""
        visitor = await self._find(connection, workspace_id, visitor_id)
        return (await self._tokens.issue(connection, visitor))[0] if visitor else None

    async def is_welcome(self, workspace_id: str, visitor_id: str) -> bool:
        """Whether there is such a visitor, on a site that is not disabled."""
        async with self._database.read() as connection:
            visitor = await self._find(connection, workspace_id, visitor_id)
            return visitor is not None and await self._sites.is_open(
                connection, workspace_id, visitor.site_id
            )

    async def moved(self, workspace_id: str, visitor_id: str, page: Page) -> Visitor:
        """The visitor is on another page. Raises NotFound."""
        values: dict[str, object] = {**browsing.page_columns(page), "seen_at": self._clock.now()}
        return await self._change(workspace_id, visitor_id, values)

    async def forget(self, token: str) -> str | None:
        """This browser's visitor logs out: its token ends. Returns whose it was; None: nobody's."""
        async with self._database.write() as connection:
            known = await self._tokens.find(connection, token)
            if known is None:
                return None
            await visitor_store.end_token(connection, known)
            return known.visitor_id

    async def get(
        self, connection: AsyncConnection, workspace_id: str, ids: Collection[str]
    ) -> dict[str, Visitor]:
        """Many at once; unknown ids are left out."""
        return await visitor_store.get(connection, workspace_id, ids)

    async def _come_again(
        self, site_key: str, token: str, seen: dict[str, object]
    ) -> tuple[Site, Arrival | None]:
        """The site, and who is known and comes back as they went: then only the time is news, and
        that is stored later. Raises NotFound."""

        async def work(connection: AsyncConnection) -> tuple[Site, Arrival | None]:
            site = await self._sites.named(connection, site_key)
            known = await self._tokens.look_up(connection, token)
            ends_at = self._tokens.unused(known) if known and known.site_id == site.id else None
            if known is None or ends_at is None:
                return site, None
            visitor = await self._find(connection, known.workspace_id, known.visitor_id)
            if visitor is None or _is_news(visitor, seen):
                return site, None
            former = await self._former(connection, visitor)
            visitor = msgspec.structs.replace(visitor, seen_at=now)
            return site, Arrival(visitor, site, None, ends_at, former)

        now = self._clock.now()
        site, again = await self._database.read_whole(work)
        if again is not None:
            self.seen.note(site.workspace_id, again.visitor.id, now)
        return site, again

    async def _former(self, connection: AsyncConnection, visitor: Visitor) -> tuple[Visitor, ...]:
        if visitor.customer_id is None:
            return ()
        return await visitor_store.former(connection, visitor.workspace_id, visitor.id)

    async def _claims(
        self, site: Site, identity: str | None
    ) -> tuple[Claims | None, ChatError | None]:
        """What the site vouches for, or why that is not believed."""
        if identity is None:
            return None, None
        try:
            return await self._vouching.claims(site, identity), None
        except IdentityRefused as error:
            return None, error

    def _seen(
        self, page: Page | None, locale: str | None, user_agent: str | None
    ) -> dict[str, object]:
        browser, system = browsing.browser_and_system(user_agent)
        said = {"locale": browsing.locale_tag(locale), "browser": browser, "system": system}
        known = {name: value for name, value in said.items() if value is not None}
        return {"seen_at": self._clock.now(), **browsing.page_columns(page), **known}

    async def _welcome(
        self, connection: AsyncConnection, site: Site, seen: dict[str, object]
    ) -> Arrival:
        now = self._clock.now()
        blank = Visitor(self._ids.new(), site.workspace_id, site.id, created_at=now, seen_at=now)
        visitor = msgspec.structs.replace(blank, **seen)
        await visitor_store.add(connection, visitor)
        secret, expires_at = await self._tokens.issue(connection, visitor)
        return Arrival(visitor, site, secret, expires_at)

    async def _return(
        self, connection: AsyncConnection, site: Site, token: Token, seen: dict[str, object]
    ) -> Arrival:
        visitor = await visitor_store.change(connection, site.workspace_id, token.visitor_id, seen)
        if visitor is None:
            return await self._welcome(connection, site, seen)
        secret, expires_at = await self._tokens.use(connection, visitor, token)
        former = await self._former(connection, visitor)
        return Arrival(visitor, site, secret, expires_at, former)

    async def _recognize(self, site: Site, token: str) -> Arrival | None:
        async with self._database.read() as connection:
            known = await self._tokens.look_up(connection, token)
            if known is None or known.site_id != site.id:
                return None
            visitor = await self._find(connection, known.workspace_id, known.visitor_id)
        return Arrival(visitor, site, None, known.expires_at) if visitor else None

    async def _find(
        self, connection: AsyncConnection, workspace_id: str, visitor_id: str
    ) -> Visitor | None:
        return (await self.get(connection, workspace_id, [visitor_id])).get(visitor_id)

    async def _change(
        self, workspace_id: str, visitor_id: str, values: dict[str, object]
    ) -> Visitor:
        async with self._database.write() as connection:
            visitor = await visitor_store.change(connection, workspace_id, visitor_id, values)
        if visitor is None:
            raise NotFound
        return visitor


def _is_news(visitor: Visitor, seen: dict[str, object]) -> bool:
    """Whether a browser says something of itself that is not stored, besides that it is here."""
    return any(getattr(visitor, name) != seen[name] for name in seen if name != "seen_at")
