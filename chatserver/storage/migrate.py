"""Brings a database to the current schema. Migrations only go forward and are never edited."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, text

from chatserver import failpoint
from chatserver.errors import Rejected
from chatserver.failpoint import Failpoint
from chatserver.storage.condition import NotStored
from chatserver.storage.database import Database
from chatserver.storage.postgresql import take_time

# SQLite takes it that ten rows lie behind any value of an index. Behind a tenant lie thousands: not
# being told, it answers a question about a few keys by reading everything that their tenant has.
# These are numbers of a large installation: rows, then rows behind the first column, and so on.
STATISTICS = ("1000000", "100000", "1000", "100", "10")


# PostgreSQL's lock for whoever migrates: any number that nobody else uses.
MIGRATING = 7_236_541
# A migration may take minutes on a large database, and who starts meanwhile waits for it.
PATIENCE = "15min"


async def migrate(database: Database) -> None:
    """Runs every migration that has not run yet; safe when nothing is to do, when several nodes do
    it at once, and on a schema of the next release. Where nothing can be stored, a current schema
    will do: who starts on a full disk can read at least."""
    try:
        async with database.write() as connection:
            await take_time(connection)
            await connection.run_sync(_upgrade)
    except NotStored:
        if not await is_current(database):
            raise


async def is_current(database: Database) -> bool:
    """Whether this release can work with the schema: it is its own, or one of a later release.
    Migrations only add, so that nodes can be exchanged one by one, and back."""
    async with database.read() as connection:
        return await connection.run_sync(_is_current)


def revision_of(connection: Connection) -> str:
    """The migration that ran last; empty before the first."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(connection: Connection, revision: str = "head") -> None:
    """Runs the migrations up to `revision`. Raises Rejected for one that this release lacks."""
    config = _config()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, revision)
    except CommandError as error:
        raise Rejected(f"this release does not know the schema {revision}: {error}") from error


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        _wait_for_turn(connection)
    if not _is_of_later_release(connection):
        upgrade(connection)
    failpoint.reach(Failpoint.DURING_MIGRATION)
    if connection.dialect.name == "sqlite":
        _inform_planner(connection)


def _wait_for_turn(connection: Connection) -> None:
    """Until nobody else migrates; for all other locks the usual patience is right."""
    usual = connection.execute(text("SHOW lock_timeout")).scalar_one()
    change = text("SELECT set_config('lock_timeout', :value, true)")
    connection.execute(change, {"value": PATIENCE})
    connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": MIGRATING})
    connection.execute(change, {"value": usual})


def _inform_planner(connection: Connection) -> None:
    """Writes statistics for every index that starts with the tenant; connections made from now on
    read them. The same plans on every installation, on its first day too."""
    connection.execute(text("ANALYZE sqlite_schema"))  # makes the table, analyses nothing
    indexes = connection.execute(
        text(
            "SELECT m.tbl_name, m.name, (SELECT count(*) FROM pragma_index_info(m.name)) AS columns"
            " FROM sqlite_schema AS m JOIN pragma_index_info(m.name) AS i ON i.seqno = 0"
            " WHERE m.type = 'index' AND i.name = 'workspace_id'"
        )
    ).all()
    for table, name, columns in indexes:
        row = {"table": table, "name": name, "numbers": " ".join(STATISTICS[: columns + 1])}
        connection.execute(text("DELETE FROM sqlite_stat1 WHERE idx = :name"), row)
        connection.execute(
            text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:table, :name, :numbers)"), row
        )
    connection.execute(text("ANALYZE sqlite_schema"))  # this connection reads them again


def _is_current(connection: Connection) -> bool:
    is_own = {revision_of(connection)} == set(_scripts().get_heads())
    return is_own or _is_of_later_release(connection)


def _is_of_later_release(connection: Connection) -> bool:
    revision = revision_of(connection)
    return bool(revision) and revision not in {one.revision for one in _scripts().walk_revisions()}


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())
