"""The websites of a workspace: looks, words, and who may embed the widget."""

from collections.abc import Collection, Mapping
from typing import Any

import msgspec
from msgspec import UNSET
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.broker.base import Broker
from chatserver.clock import Clock
from chatserver.errors import Invalid, NotFound, Rejected
from chatserver.identity import record, site_rules, site_store
from chatserver.identity.model import AgentSession, Position, Site, SiteFields
from chatserver.identity.widget import reading
from chatserver.identity.widget.settings import WidgetSettings
from chatserver.ids import Ids
from chatserver.storage import log
from chatserver.storage.database import Database

# The console lists them on one page. Whoever has more wants several workspaces.
PER_WORKSPACE = 200
KEY_CHARS = 64


class Sites:
    """Adds, changes and finds sites."""

    def __init__(
        self, *, database: Database, broker: Broker, clock: Clock, ids: Ids, widget_bytes: int
    ) -> None:
        self._database = database
        self._broker = broker
        self._clock = clock
        self._ids = ids
        self._widget_bytes = widget_bytes

    async def by_key(self, key: str) -> Site:
        """The site a snippet names. Raises NotFound when it is unknown or disabled."""

        async def work(connection: AsyncConnection) -> Site:
            return await self.named(connection, key)

        return await self._database.read_whole(work)

    async def named(self, connection: AsyncConnection, key: str) -> Site:
        """As `by_key`, in the caller's transaction."""
        site = await site_store.by_key(connection, key) if 0 < len(key) <= KEY_CHARS else None
        if site is None or not site.enabled:
            raise NotFound("there is no such site, or it is switched off")
        return site

    async def get(
        self, connection: AsyncConnection, workspace_id: str, ids: Collection[str]
    ) -> dict[str, Site]:
        """Many at once; unknown ids are left out."""
        return await site_store.get(connection, workspace_id, ids)

    async def is_open(self, connection: AsyncConnection, workspace_id: str, site_id: str) -> bool:
        """Whether there is such a site, and it is not disabled."""
        site = await site_store.find(connection, workspace_id, site_id)
        return site is not None and site.enabled

    async def list(self, workspace_id: str) -> list[Site]:
        async with self._database.read() as connection:
            return await site_store.list_sites(connection, workspace_id)

    async def add(self, by: AgentSession, fields: SiteFields) -> Site:
        """Raises Invalid, or Rejected when the workspace is full."""
        site = self.new(by.workspace_id, fields)
        async with self._database.write() as connection:
            if await site_store.count(connection, by.workspace_id) >= PER_WORKSPACE:
                raise Rejected(f"a workspace holds at most {PER_WORKSPACE} sites")
            await site_store.add(connection, site)
            await log.append(connection, [self._fact("site.added", site, by.agent_id)])
        return site

    async def change(self, by: AgentSession, site_id: str, fields: SiteFields) -> Site:
        """Raises NotFound or Invalid. Sockets of the site are told what concerns them."""
        async with self._database.write() as connection:
            old = await site_store.find(connection, by.workspace_id, site_id)
            if old is None:
                raise NotFound
            site = site_rules.changed(old, fields)
            if site == old:
                return old
            await site_store.replace(connection, site)
            await log.append(connection, [self._fact("site.changed", site, by.agent_id)])
        news = {"enabled": site.enabled, "drafts": site.drafts}
        self._broker.publish(f"site:{site.id}", msgspec.json.encode(news))
        return site

    async def widget(self, workspace_id: str, site_id: str) -> WidgetSettings:
        """Raises NotFound."""
        async with self._database.read() as connection:
            site = (await site_store.get(connection, workspace_id, [site_id])).get(site_id)
        if site is None:
            raise NotFound
        return site.widget

    async def widget_text(
        self, connection: AsyncConnection, workspace_id: str, site_id: str
    ) -> str:
        """The settings as they are stored, with what another release keeps there; locked."""
        return await site_store.widget_text(connection, workspace_id, site_id) or ""

    async def change_widget(
        self, by: AgentSession, site_id: str, sections: Mapping[str, Any], version: int
    ) -> WidgetSettings:
        """Raises NotFound, Invalid, or Conflict when `version` is not the newest."""
        async with self._database.write() as connection:
            site = await site_store.find(connection, by.workspace_id, site_id)
            before = await site_store.widget_text(connection, by.workspace_id, site_id)
            if site is None or before is None:
                raise NotFound
            after = reading.changed(before, sections, version)
            if len(after.encode()) > self._widget_bytes:
                raise Invalid(
                    "all settings of a widget together are too long", fields=_too_long(sections)
                )
            await site_store.set_widget_text(connection, by.workspace_id, site_id, after)
            told = " ".join(sorted(sections))
            await log.append(
                connection, [self._fact("site.changed", site, by.agent_id, widget=told)]
            )
        return reading.read(after)

    async def draft(
        self, workspace_id: str, site_id: str, fields: SiteFields, sections: Mapping[str, Any]
    ) -> Site:
        """The site as it would be; nothing is stored. Raises NotFound, or Invalid with every field
        that is wrong."""
        async with self._database.read() as connection:
            site = (await site_store.get(connection, workspace_id, [site_id])).get(site_id)
        if site is None:
            raise NotFound
        problems: dict[str, str] = {}
        try:
            site = site_rules.changed(site, fields)
        except Invalid as error:
            problems |= error.fields
        try:
            site = msgspec.structs.replace(site, widget=reading.drafted(site.widget, sections))
        except Invalid as error:
            problems |= error.fields
        if problems:
            raise Invalid("the site cannot be saved like this", fields=problems)
        return site

    def new(self, workspace_id: str, fields: SiteFields) -> Site:
        """A site that is not stored yet. Raises Invalid; name and origins are required."""
        missing = [name for name in ("name", "origins") if getattr(fields, name) is UNSET]
        if missing:
            raise Invalid(fields=dict.fromkeys(missing, "required"))
        blank = Site(
            id=self._ids.new(),
            workspace_id=workspace_id,
            key=self._ids.new(),
            name="",
            color=site_rules.DEFAULT_COLOR,
            position=Position.RIGHT,
            greeting="",
            locale="auto",
            origins=(),
            enabled=True,
            created_at=self._clock.now(),
        )
        return site_rules.changed(blank, fields)

    def _fact(self, kind: str, site: Site, by: str, **meta: str) -> log.Entry:
        return record.entry(
            kind,
            workspace_id=site.workspace_id,
            by=by,
            at=self._clock.now(),
            site=site.id,
            enabled=site.enabled,
            **meta,
        )


def _too_long(sections: Mapping[str, Any]) -> dict[str, str]:
    return dict.fromkeys(sections, "too_long")
