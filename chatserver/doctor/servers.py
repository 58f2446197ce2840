"""The servers that the service leans on: database, Redis, mail."""

from collections.abc import AsyncIterator

from chatserver.broker.connection import open_line
from chatserver.clock import Clock
from chatserver.config import Settings
from chatserver.doctor.finding import Finding, fail, ok, warn
from chatserver.errors import ChatError, Unavailable
from chatserver.features.mail.model import Failure
from chatserver.features.mail.smtp import Smtp
from chatserver.storage.database import open_database
from chatserver.storage.examine import Examined, look

# Clocks of machines that ask a time server differ by milliseconds. Leases run for seconds.
CLOCK_SECONDS = 2.0


async def database(settings: Settings, clock: Clock) -> AsyncIterator[Finding]:
    opened = open_database(settings.database)
    try:
        found = await look(opened)
    except ChatError as error:
        yield fail("database", f"{opened.dialect}: {error.message}")
        return
    finally:
        await opened.close()
    yield _schema(found)
    yield _promises(found)
    if found.now is not None:
        yield drift("database clock", (found.now - clock.now()).total_seconds())


async def redis(settings: Settings, clock: Clock) -> Finding:
    if not settings.redis_url:
        return ok("redis", "not needed by one process")
    try:
        async with open_line(settings.redis_url) as line:
            ((seconds, _),) = await line.ask([["TIME"]])
    except Unavailable as error:
        return fail("redis", error.message)
    away = abs(int(seconds) - clock.now().timestamp())
    if away > CLOCK_SECONDS:
        return warn("redis", f"answers; its clock is {away:.0f} s away from ours")
    return ok("redis", "answers")


async def mail(settings: Settings) -> Finding:
    if not settings.smtp_host:
        return warn("mail", "not configured: invitations are links to hand on, nothing is mailed")
    smtp = Smtp(settings)
    try:
        await smtp.greet()
    except Failure as error:
        return fail("mail", f"{settings.smtp_host}:{settings.smtp_port}: {error}")
    finally:
        await smtp.close()
    return ok("mail", f"{settings.smtp_host} lets us in; nothing was sent")


def drift(subject: str, seconds: float) -> Finding:
    if abs(seconds) > CLOCK_SECONDS:
        return warn(subject, f"{seconds:+.1f} s from ours: let all machines ask a time server")
    return ok(subject, "is ours")


def _schema(found: Examined) -> Finding:
    if found.is_current:
        return ok("database", f"{found.engine}, schema {found.revision}")
    return warn(
        "database", f"{found.engine}, schema {found.revision or 'empty'}: it migrates at start"
    )


def _promises(found: Examined) -> Finding:
    """An acknowledged message survives a power cut only where the database waits for the disk."""
    if found.loose:
        return fail("durability", f"{', '.join(found.loose)}: messages can be lost in a power cut")
    return ok("durability", "what is committed is on the disk")
