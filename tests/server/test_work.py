"""A workspace with 5,000 open chats costs a console no more than one with 5. Counted in statements,
rows, frames and bytes, never in time."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import msgspec
from sqlalchemy import insert, text

from chatserver.config import Settings
from chatserver.conversation.commands import MarkRead, Open, Request, SendMessage
from chatserver.conversation.mark_store import read_marks
from chatserver.conversation.model import Actor, AuthorKind
from chatserver.identity.model import Role
from chatserver.identity.visitor_store import visitors
from chatserver.parts import open_parts
from chatserver.realtime.clients import agent_client
from chatserver.realtime.seats import SocketSeat
from tests.support import world
from tests.support.work import counting
from tests.support.world import ANN, BEGAN

FEW, MANY = 5, 5000
THREADS = 50
TALES = 5
BATCH = 500
# What grows with every table and is looked up by a key, never walked through.
LARGE = ("conversations", "facts", "read_marks", "visitors")


@dataclass
class Ear:
    """A console's end of a transport without a network: says what it is told to, hears all."""

    says: asyncio.Queue = field(default_factory=asyncio.Queue)
    heard: list[dict] = field(default_factory=list)
    bytes: int = 0
    has_heard: asyncio.Event = field(default_factory=asyncio.Event)
    is_open = True

    async def receive(self):
        return await self.says.get()

    async def send(self, data):
        self.bytes += len(data)
        self.heard.append(msgspec.json.decode(data))
        self.has_heard.set()

    async def close(self, code, reason):
        self.is_open = False
        raise AssertionError(f"closed with {code}: {reason}")

    def say(self, frame):
        self.says.put_nowait(msgspec.json.encode(frame))

    async def until(self, kind, is_it=lambda frame: True):
        while not (found := [f for f in self.heard if f["t"] == kind and is_it(f)]):
            self.has_heard.clear()
            await self.has_heard.wait()
        return found[-1]


@asynccontextmanager
async def busy_workspace(url, chats):
    """acme with so many open chats, each with one message that ann has read."""
    async with open_parts(Settings(database_url=url, secret_key="k" * 40)) as parts:
        parts.supervisor.keep("commits", parts.conversations.run)
        await add_chats(parts, chats)
        yield parts


async def add_chats(parts, count):
    guests = [f"guest-{number:05}" for number in range(count)]
    row = {"workspace_id": "acme", "site_id": "shop", "created_at": BEGAN, "seen_at": BEGAN}
    async with parts.database.write() as connection:
        await connection.execute(insert(visitors), [{**row, "id": guest} for guest in guests])
    for start in range(0, count, BATCH):
        some = [Actor(AuthorKind.VISITOR, guest) for guest in guests[start : start + BATCH]]
        opened = [
            parts.conversations.submit(Request("acme", "", guest, Open("shop", guest.id)))
            for guest in some
        ]
        for guest, outcome in zip(some, await asyncio.gather(*opened), strict=True):
            submit(parts, guest, outcome.state.id, SendMessage("first", "Hello"))
        await parts.conversations.settle()
    async with parts.database.write() as connection:
        found = await connection.execute(text("SELECT id FROM conversations"))
        mark = {"reader_id": "ann", "workspace_id": "acme", "is_visitor": False, "seq": 2}
        marks = [{**mark, "conversation_id": one, "messages": 1} for (one,) in found]
        await connection.execute(insert(read_marks), marks)


def submit(parts, actor, conversation, command):
    return parts.conversations.submit(Request("acme", conversation, actor, command))


async def visitor_of(parts, chat):
    async with parts.database.read() as connection:
        query = text("SELECT visitor_id FROM conversations WHERE id = :id")
        found = (await connection.execute(query, {"id": chat})).scalar_one()
    return Actor(AuthorKind.VISITOR, found)


async def chats_of(parts, limit):
    async with parts.database.read() as connection:
        query = text("SELECT id, seq FROM conversations ORDER BY id LIMIT :limit")
        return {row.id: row.seq for row in await connection.execute(query, {"limit": limit})}


@asynccontextmanager
async def console(parts, resume, threads):
    """ann, who comes back with what she holds."""
    services, ear = parts.realtime, Ear()
    client = agent_client(services, ear, lambda *told: SocketSeat(services.places, told[-1]))
    ticket = await ticket_of(parts)
    async with asyncio.TaskGroup() as group:
        serving = group.create_task(client.serve())
        hello = {"t": "hello", "v": 2, "ticket": ticket, "tab": "t"}
        ear.say(hello | {"resume": resume, "threads": threads})
        yield ear
        ear.says.put_nowait(None)
        await serving


async def ticket_of(parts):
    agent = world.agent(ANN, "acme", Role.OWNER)
    async with parts.database.write() as connection:
        _, session = await parts.identity.sessions.open(connection, agent, "en")
    return await parts.identity.tickets.issue(session)


async def cost_of(url, chats):
    """What a console's return costs, with up to 50 threads open, and then what live traffic does:
    messages in one thread, its unread count, and one in a chat it has not looked at."""
    async with busy_workspace(url, chats) as parts:
        held = await chats_of(parts, min(FEW, THREADS))
        async with parts.database.read() as connection:
            head = (await connection.execute(text("SELECT epoch, position FROM log_head"))).one()
        resume = {"epoch": head.epoch, "position": head.position}
        chat, *_, other = held
        authors = {where: await visitor_of(parts, where) for where in (chat, other)}
        with counting() as work:
            async with console(parts, resume, held) as ear:
                await ear.until("inbox")
                for number in range(TALES):
                    where = other if number == TALES - 1 else chat
                    sent = await submit(
                        parts, authors[where], where, SendMessage(f"{number}", "Hi")
                    )
                    revision = sent.fact.position
                    await ear.until("inbox", lambda frame, at=revision: frame["position"] >= at)
                await submit(parts, ANN, chat, MarkRead(100))
                await ear.until("state", lambda frame: frame["kind"] == "unread")
        await plans_use_keys(parts, work)
        kinds = sorted(frame["t"] for frame in ear.heard)
        return {"statements": work.statements, "rows": work.rows, "frames": kinds}, ear.bytes


async def plans_use_keys(parts, work):
    """No statement walks through a table that grows."""
    async with parts.database.read() as connection:
        for statement, parameters in work.queries:
            if not statement.lstrip().upper().startswith(("SELECT", "UPDATE", "WITH")):
                continue
            plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            walks = [row[3] for row in plan if row[3].startswith("SCAN")]
            assert not [w for w in walks for name in LARGE if w == f"SCAN {name}"], statement


async def test_five_thousand_chats_cost_a_console_no_more_than_five(sqlite_template, tmp_path):
    costs = []
    for chats in (FEW, MANY):
        file = tmp_path / f"{chats}.db"
        file.write_bytes(sqlite_template.read_bytes())
        costs.append(await cost_of(f"sqlite:///{file}", chats))
    (few, few_bytes), (many, many_bytes) = costs
    assert many == few
    assert many_bytes <= 1.1 * few_bytes  # longer numbers
