"""Health: is the process alive, and can it do its work now."""

from collections.abc import Awaitable, Callable

from starlette.responses import JSONResponse, Response

from chatserver.errors import Unavailable
from chatserver.feature import Feature
from chatserver.identity.permissions import PUBLIC
from chatserver.storage import log
from chatserver.storage.condition import Condition
from chatserver.storage.database import Database
from chatserver.storage.migrate import is_current
from chatserver.web.routing import Call, Endpoint

__all__ = ["build"]

# Facts the slices may be behind before we say so: some seconds of a very busy hour.
MAX_LAG = 20000

# Problems with which new visitors should be sent elsewhere.
STOPPERS = frozenset({"database", "node"})

Check = Callable[[], Awaitable[str | None]]


def build(
    *,
    database: Database,
    is_draining: Callable[[], bool],
    is_degraded: Callable[[], bool],
    lag: Callable[[], int],
    backup_failed: Callable[[], bool],
) -> Feature:
    """`is_draining`: this process is about to stop. `is_degraded`: hints may be getting lost.
    `lag`: facts the slices have not read yet. `backup_failed`: the last one that was due."""
    checks: dict[str, Check] = {
        "node": lambda: _claim(is_draining(), "draining: send new visitors elsewhere"),
        "database": lambda: _database(database),
        "storage": lambda: _storage(database.guard.condition),
        "bus": lambda: _claim(is_degraded(), "degraded: chats go on, a little later"),
        "backup": lambda: _claim(backup_failed(), "the last one failed; the log says why"),
        "runner": lambda: _claim(lag() > MAX_LAG, "far behind the log"),
    }

    async def alive(_: Call) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Call) -> Response:
        """503 only when the work cannot be done; a degraded bus is said, not punished."""
        problems = {name: said for name, check in checks.items() if (said := await check())}
        is_stopped = problems.keys() & STOPPERS or database.guard.condition.trouble
        status = 503 if is_stopped else 200
        word = "ok" if not problems else ("unavailable" if status == 503 else "degraded")
        return JSONResponse({"status": word, "problems": problems}, status)

    return Feature(
        name="health",
        endpoints=(
            Endpoint("GET", "/healthz", PUBLIC, alive),
            Endpoint("GET", "/readyz", PUBLIC, ready),
        ),
    )


async def _database(database: Database) -> str | None:
    try:
        async with database.read() as connection:
            await log.head(connection)
        return None if await is_current(database) else "the schema is not current"
    except Unavailable as error:
        return error.message


async def _storage(condition: Condition) -> str | None:
    return None if condition.word == "ok" else condition.word


async def _claim(is_so: bool, words: str) -> str | None:
    return words if is_so else None
