"""Keeps the inboxes of a workspace's agents current: one reading for all of them, at most four
times a second, however many messages are written."""

import asyncio
from collections.abc import Callable
from typing import Protocol

from chatserver.broker.base import Unsubscribe
from chatserver.errors import Unavailable
from chatserver.protocol import agent as wire
from chatserver.realtime.hints import RowHint, VisitorHint, workspace_topic
from chatserver.realtime.hub import Hub
from chatserver.realtime.news import News
from chatserver.realtime.rows import RowReader, Rows
from chatserver.storage.log import Entry
from chatserver.tasks import Supervisor

# Least time between two readings of one workspace, in seconds.
INTERVAL = 0.25
# And at least this many times as long as a reading took: under load, messages go first.
PAUSES = 4


class InboxListener(Protocol):
    """An agent's console."""

    def rows_changed(self, rows: Rows) -> None: ...

    def visitor_changed(self, visitor: wire.Visitor) -> None: ...


class _Workspace:
    """The listeners of one workspace and what they have to be told next. They have been told of
    every change up to `position` of the log."""

    def __init__(self, unfollow: Unsubscribe, position: int) -> None:
        self.unfollow = unfollow
        self.listeners: dict[int, InboxListener] = {}
        self.is_stale = False
        self.visitors: set[str] = set()
        self.is_running = False
        self.position = position


class InboxFeed:
    """Listens to workspaces that have agents here."""

    def __init__(self, hub: Hub, reader: RowReader, supervisor: Supervisor) -> None:
        self._hub = hub
        self._reader = reader
        self._supervisor = supervisor
        self._workspaces: dict[str, _Workspace] = {}
        self._next = 0

    def join(self, workspace_id: str, listener: InboxListener, position: int) -> Callable[[], None]:
        """Tells `listener` what changes, until the result is called. What lies before log
        `position` it reads by itself, after joining."""
        if workspace_id not in self._workspaces:
            topic = workspace_topic(workspace_id)
            unfollow = self._hub.follow(topic, lambda _, news: self._heard(workspace_id, news))
            self._workspaces[workspace_id] = _Workspace(unfollow, position)
        workspace = self._workspaces[workspace_id]
        self._next += 1
        key = self._next
        workspace.listeners[key] = listener

        def leave() -> None:
            workspace.listeners.pop(key, None)
            if not workspace.listeners and self._workspaces.get(workspace_id) is workspace:
                workspace.unfollow()
                del self._workspaces[workspace_id]

        return leave

    def conversation_changed(self, entry: Entry) -> None:
        """A change that was found in the log; news only when no reading has covered it: hints say
        when to read, never what, so that a lost one is covered by the next."""
        workspace = self._workspaces.get(entry.workspace_id)
        if workspace and entry.conversation_id and entry.position > workspace.position:
            self._heard(entry.workspace_id, RowHint(entry.conversation_id))

    def began_anew(self, position: int) -> None:
        """The log ends here now, perhaps before where it ended."""
        for workspace in self._workspaces.values():
            workspace.position = min(workspace.position, position)

    def _heard(self, workspace_id: str, news: News) -> None:
        workspace = self._workspaces.get(workspace_id)
        if workspace is None:
            return
        if isinstance(news, RowHint):
            workspace.is_stale = True
        elif isinstance(news, VisitorHint):
            workspace.visitors.add(news.visitor_id)
        if not workspace.is_running:
            workspace.is_running = True
            self._supervisor.start(f"inbox {workspace_id}", self._read(workspace_id, workspace))

    async def _read(self, workspace_id: str, workspace: _Workspace) -> None:
        now = asyncio.get_running_loop().time
        try:
            while workspace.listeners and (workspace.is_stale or workspace.visitors):
                began = now()
                await self._read_once(workspace_id, workspace)
                await asyncio.sleep(max(INTERVAL, PAUSES * (now() - began)))
        finally:
            workspace.is_running = False

    async def _read_once(self, workspace_id: str, workspace: _Workspace) -> None:
        is_stale, workspace.is_stale = workspace.is_stale, False
        visitors, workspace.visitors = workspace.visitors, set()
        try:
            position = workspace.position
            rows = await self._reader.behind(workspace_id, position) if is_stale else None
            cards = await self._reader.visitors(workspace_id, visitors) if visitors else []
        except Unavailable:
            workspace.is_stale |= is_stale
            workspace.visitors |= visitors
            return
        if rows is not None:
            workspace.position = rows.position
            workspace.is_stale |= rows.more
        for listener in list(workspace.listeners.values()):
            if rows is not None:
                listener.rows_changed(rows)
            for card in cards:
                listener.visitor_changed(card)
