"""What an operator does from the command line while nothing is being served."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import chatserver.app  # noqa: F401 - knows every slice, so every table
from chatserver.clock import SystemClock
from chatserver.config import Settings
from chatserver.errors import NotFound, Rejected
from chatserver.features.backup import Backups
from chatserver.features.backup.restoring import Restored, Restoring
from chatserver.features.backup.restoring import begin_anew as renew
from chatserver.features.embed import Loaders
from chatserver.features.export import Exports
from chatserver.features.export.making import find as find_workspace
from chatserver.identity.installation import Beginning
from chatserver.identity.model import Role
from chatserver.ids import RandomIds
from chatserver.parts import open_parts
from chatserver.storage import migrate as migrations
from chatserver.storage import moving, sqlite_copy
from chatserver.storage.database import open_database
from chatserver.storage.moving import Progress
from chatserver.web import snippet
from chatserver.web.static import Assets


async def migrate(settings: Settings) -> None:
    """Brings the database to this version's schema."""
    database = open_database(settings.database)
    try:
        await migrations.migrate(database)
    finally:
        await database.close()


async def check(settings: Settings) -> list[str]:
    """What the settings lead to, a line each."""
    database = open_database(settings.database)
    try:
        is_current = await migrations.is_current(database)
    finally:
        await database.close()
    schema = "current" if is_current else "old: run `chatserver migrate`, or start the service"
    return [
        f"database   {database.dialect}, schema {schema}",
        f"browsers   {settings.public_origin}",
        f"widget     {settings.widget_origin}",
        f"console    {settings.console_origin}",
        f"uploads    {settings.uploads_origin}",
    ]


async def backup(settings: Settings, target: Path) -> Path:
    """Writes a backup to a file or into a folder; returns the file. Raises Rejected."""
    database = open_database(settings.database)
    try:
        backups = Backups(database=database, clock=SystemClock(), settings=settings)
        return await backups.write(target)
    finally:
        await database.close()


async def restore(settings: Settings, source: Path, *, replace: bool) -> Restored:
    """Puts a backup into the database and the data folder of the settings. Raises Rejected."""
    restoring = Restoring(settings=settings, clock=SystemClock(), ids=RandomIds())
    return await restoring.run(source, replace=replace)


async def copy_database(settings: Settings, source: Path, progress: Progress) -> int:
    """Moves the SQLite file `source` into the PostgreSQL database of the settings, in one
    transaction; returns the number of rows. Raises Rejected."""
    if settings.database.startswith("sqlite"):
        raise Rejected("name the PostgreSQL database to fill in CHATSERVER_DATABASE_URL")
    await asyncio.to_thread(sqlite_copy.seclude, source)
    old, new = open_database(f"sqlite:///{source}"), open_database(settings.database)
    try:
        if not await migrations.is_current(old):
            raise Rejected(f"{source} is of an older release: run `chatserver migrate` on it first")
        await migrations.migrate(new)
        async with old.read() as there, new.write() as here:
            return await moving.move(there, here, progress)
    finally:
        await old.close()
        await new.close()


async def begin_anew(settings: Settings) -> None:
    """Gives the database another epoch: clients drop what they know, agents sign in again."""
    database = open_database(settings.database)
    try:
        await renew(database, RandomIds())
    finally:
        await database.close()


async def add_agent(settings: Settings, *, email: str, name: str, role: str, password: str) -> None:
    """Adds an agent to the first workspace. Raises NotFound when there is none yet."""
    async with open_parts(settings) as parts:
        workspace = await parts.identity.installation.first_workspace()
        if workspace is None:
            raise NotFound("set the installation up first: run `chatserver serve`")
        await parts.identity.people.add_agent(
            workspace.id, name=name, email=email, role=Role(role), password=password
        )


async def add_workspace(settings: Settings, name: str, said: Mapping[str, str]) -> None:
    """Adds a workspace. `said`: owner_name, owner_email, password, site, origin."""
    wanted = Beginning(
        workspace=name,
        name=said["owner_name"],
        email=said["owner_email"],
        password=said["password"],
        site=said["site"],
        origins=[said["origin"]],
    )
    async with open_parts(settings) as parts:
        await parts.identity.installation.add_workspace(wanted)


async def export_workspace(
    settings: Settings, target: Path, workspace_id: str | None
) -> dict[str, int]:
    """Writes everything of one workspace to a file; returns the rows by table. Raises NotFound or
    Rejected."""
    database = open_database(settings.database)
    try:
        async with database.read() as connection:
            workspace = await find_workspace(connection, workspace_id)
        exports = Exports(database=database, clock=SystemClock(), settings=settings)
        return await exports.write(workspace, target)
    finally:
        await database.close()


async def unlock(settings: Settings, email: str) -> None:
    """Forgives the failed sign-ins of an account. Raises NotFound or Invalid."""
    async with open_parts(settings) as parts:
        await parts.identity.accounts.unlock(email)


async def reset_password(settings: Settings, email: str, password: str) -> None:
    """A new password for whoever lost theirs. Raises NotFound or Invalid."""
    async with open_parts(settings) as parts:
        await parts.identity.accounts.reset_password(email, password)


def pinned_snippet(settings: Settings, site_key: str) -> str:
    """The script tag for this version's loader, which is kept from now on. Raises Unavailable."""
    loaders = Loaders(Path(settings.data_dir) / "loaders", Assets())
    found = loaders.current()
    loaders.find(found.mark)
    return snippet.pinned_snippet(settings, site_key, found.path, found.integrity)
