"""Looks at an installation from all sides and says what is wrong with it. Changes nothing."""

from collections.abc import AsyncIterator

from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.doctor import inside, outside, servers
from chatserver.doctor.finding import Finding, Level

__all__ = ["Finding", "Level", "examine"]


async def examine(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    """Every finding as it comes: good ones too, so that one sees what was looked at."""
    for one in (inside.key, inside.folder, inside.disk, inside.proxies):
        yield one(settings)
    yield inside.backups(settings, clock.now())
    async for found in servers.database(settings, clock):
        yield found
    yield await servers.redis(settings, clock)
    yield await servers.mail(settings)
    async for found in outside.examine(settings, clock):
        yield found
