"""Which life of a PostgreSQL server a database lives. A standby that was promoted, or a server that
was recovered to a moment, may lack what its predecessor had acknowledged: whoever goes on counting
from there would show gaps as if they were whole. The server counts its lives itself, as timelines.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.storage import leases, log

# The lease that remembers it; its holder is the life, and nobody ever takes it.
NAME = "lineage"
STANDBY = "standby"
# One word: the cluster, and the timeline that it writes now. Every account may ask for both.
QUESTION = """
    SELECT CASE
        WHEN pg_is_in_recovery() THEN 'standby'
        ELSE (SELECT system_identifier FROM pg_control_system())::text
             || '/' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
    END
"""


async def enter(connection: AsyncConnection, epoch: str) -> bool:
    """Compares the life with the one that the database remembers. Another one begins anew, with
    this epoch, and is remembered: True. The first one is only remembered."""
    life: str = (await connection.execute(text(QUESTION))).scalar_one()
    known = await leases.holder_of(connection, NAME)
    if life in (known, STANDBY):
        return False
    await leases.hold_for_ever(connection, NAME, life)
    if known is not None:
        await begin_anew(connection, epoch)
    return known is not None


async def begin_anew(connection: AsyncConnection, epoch: str) -> None:
    """Clients drop what they have, and whoever holds a lease reads again how far it got."""
    await log.begin_anew(connection, epoch)
    await leases.replace_holders(connection)
