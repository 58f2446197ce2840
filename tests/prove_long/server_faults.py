"""What befalls the servers that all nodes share: PostgreSQL, Redis, and nginx's configuration."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import asyncpg
import httpx2

from tests.prove_long.onlooker import AWAY
from tests.prove_long.visitors import Tab

if TYPE_CHECKING:
    from tests.prove_long.agents import Consoles
    from tests.prove_long.town import Town

AWAY_SECONDS = (3.0, 12.0)
PAUSE_MS = 5_000
HEALTHY_SECONDS = 30.0
NO_BUS = "hint, without the bus"
# From the store's return until a message is stored that waited for it.
WAITING = "message that waited for the store"

OF_REDIS = (
    "Redis: kill -9, back after 3-12 s",
    "Redis: flushed",
    "Redis: SIGSTOP 3-12 s",
    "Redis: paused for 5 s",
    "Redis: subscribers cut off",
    "Redis: memory full for 3-12 s",
)
OF_POSTGRES = (
    "PostgreSQL: restarted",
    "PostgreSQL: kill -9, started again",
    "PostgreSQL: stopped at once, back after 3-12 s",
    "PostgreSQL: all sessions ended",
    "PostgreSQL: the log's lock held for 10 s",
    "PostgreSQL: SIGSTOP 3-12 s",
)


class ServerFaults:
    def __init__(self, town: "Town") -> None:
        self._town = town

    async def play(self, name: str) -> bool:
        """True: nothing else can come of these."""
        work = self._of_redis(name) if name in OF_REDIS else self._of_postgres(name)
        await work()
        return True

    # Redis. What a client holds is not touched, so only hints may be late.

    def _of_redis(self, name: str) -> Callable[[], Awaitable[None]]:
        redis = self._town.shared.redis
        assert redis is not None

        async def command(*words: str | int) -> None:
            await asyncio.to_thread(redis.command, *words)

        async def killed() -> None:
            await asyncio.to_thread(redis.kill)
            await self._wait_a_while()
            await asyncio.to_thread(redis.start)

        async def frozen() -> None:
            redis.freeze()
            await self._wait_a_while()
            redis.thaw()

        async def full() -> None:
            await command("CONFIG", "SET", "maxmemory", 1)
            await self._wait_a_while()
            await command("CONFIG", "SET", "maxmemory", 0)

        async def paused() -> None:
            await command("CLIENT", "PAUSE", PAUSE_MS)
            await asyncio.sleep(PAUSE_MS / 1000)

        faults = (
            killed,
            lambda: command("FLUSHALL"),
            frozen,
            paused,
            lambda: command("CLIENT", "KILL", "TYPE", "pubsub"),
            full,
        )
        return lambda: self._without_bus(faults[OF_REDIS.index(name)])

    async def _without_bus(self, fault: Callable[[], Awaitable[None]]) -> None:
        """Until every node says that its bus is well again."""
        witness = self._town.witness
        witness.hint_kind, witness.is_bus_well = NO_BUS, False
        try:
            await fault()
            async with asyncio.timeout(HEALTHY_SECONDS):
                while not await self._buses_are_well():
                    await self._town.breathe()
        finally:
            witness.hint_kind, witness.is_bus_well = "hint", True

    async def _buses_are_well(self) -> bool:
        async with httpx2.AsyncClient(trust_env=False, timeout=10) as client:
            for node in self._town.nodes:
                answer = await client.get(f"{node.service.origin}/readyz")
                if answer.status_code != 200 or "bus" in answer.json()["problems"]:
                    return False
        return True

    # PostgreSQL

    def _of_postgres(self, name: str) -> Callable[[], Awaitable[None]]:
        server = self._town.shared.postgres
        assert server is not None

        async def restarted() -> None:
            await asyncio.to_thread(server.stop, signal.SIGINT)
            await asyncio.to_thread(server.start)

        async def killed() -> None:
            await asyncio.to_thread(server.stop, signal.SIGKILL)
            await asyncio.to_thread(server.start)

        async def away() -> None:
            await asyncio.to_thread(server.stop, signal.SIGQUIT)
            await self._wait_a_while()
            await asyncio.to_thread(server.start)

        async def ended() -> None:
            await self._run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
            )

        async def locked() -> None:
            await self._run(
                "BEGIN; SELECT position FROM log_head FOR UPDATE; SELECT pg_sleep(10); ROLLBACK"
            )

        async def frozen() -> None:
            await asyncio.to_thread(server.freeze)
            await self._wait_a_while()
            await asyncio.to_thread(server.thaw)

        faults = (restarted, killed, away, ended, locked, frozen)
        return lambda: self._without_store(faults[OF_POSTGRES.index(name)])

    async def _run(self, statements: str) -> None:
        url = self._town.database
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statements)
        finally:
            await connection.close()

    async def _without_store(self, fault: Callable[[], Awaitable[None]]) -> None:
        town = self._town
        for onlooker in town.onlookers:
            onlooker.disturbed(AWAY, is_over=False)
        await fault()
        back, waiting = town.pace.now, self._waiting()
        town.witness.store_back_at = back
        for onlooker in town.onlookers:
            onlooker.mended(AWAY)
        await town.recovered(AWAY)
        for client_id in waiting:
            at = town.witness.acked_at.get(client_id)
            if at is not None:
                town.witness.recoveries.add(WAITING, max(0.0, at - back))

    def _waiting(self) -> list[str]:
        """What everybody has to send next."""
        people = (*self._town.visitors, *self._town.agents)
        tabs: list[Tab | Consoles] = [tab for person in people for tab, _ in person.tabs]
        return [tab.outbox.unsent[0].client_id for tab in tabs if tab.outbox.unsent]

    async def _wait_a_while(self) -> None:
        await asyncio.sleep(self._town.random.uniform(*AWAY_SECONDS))
