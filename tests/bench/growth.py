"""How much disk chats take: `python -m tests.bench.growth [--chats 1000] [--messages 12]`.

Ordinary chats through the whole service, with everything that slices write about them (search,
transcripts, timers), then the bytes of the database: the closed file of SQLite, and what PostgreSQL
says where there is one. Logs that are written ahead come on top.
"""

import argparse
import asyncio
import os
import random
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TypeVar

import asyncpg
from sqlalchemy.engine import URL

from chatserver.app import App, open_app
from chatserver.config import Settings
from chatserver.conversation.commands import Assign, Close, Command, Open, Request, SendMessage
from chatserver.conversation.model import Actor, AuthorKind
from chatserver.conversation.outcome import Outcome
from chatserver.errors import Unavailable
from chatserver.identity import visitor_store
from chatserver.identity.model import Visitor
from chatserver.storage import leases, log
from tests.support import postgres
from tests.support.world import ANN, BEGAN, furnish

# Words of a message: chats are short, and some messages are not.
LENGTHS = (3, 5, 8, 12, 20, 40)
TEXT = "do you have white tea from fuding or something like it in stock 请问 这个 茶 有货 吗"
WORDS = TEXT.split()
AT_ONCE = 50

T = TypeVar("T")

# A new database by its name; its address, empty for a file.
Opened = Callable[[str], AbstractContextManager[str]]


async def grow(folder: Path, chats: int, messages: int, url: str = "") -> int:
    """Bytes of the database after so many chats; without an address it is a file in the folder."""
    app = await open_app(Settings(data_dir=str(folder), database_url=url))
    try:
        await furnish(app.parts.database)
        chance = random.Random(7)
        for begin in range(0, chats, AT_ONCE):
            numbers = range(begin, min(chats, begin + AT_ONCE))
            await asyncio.gather(*(chat(app, number, messages, chance) for number in numbers))
        await settle(app)
    finally:
        await app.close()
    return await size_of_server(url) if url else await asyncio.to_thread(size_of, folder)


async def size_of_server(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("VACUUM")  # as the server does by itself, a little later
        size: int = await connection.fetchval("SELECT pg_database_size(current_database())")
        return size
    finally:
        await connection.close()


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.glob("chat.db*"))


async def chat(app: App, number: int, messages: int, chance: random.Random) -> None:
    visitor = Actor(AuthorKind.VISITOR, f"visitor-{number:020}", f"Visitor {number}")
    stored = Visitor(visitor.id or "", "acme", "shop", BEGAN, BEGAN, visitor.name)
    await patiently(lambda: add(app, stored))
    opened = await submit(app, visitor, "", Open("shop", visitor.id or ""))
    conversation = opened.state.id
    for turn in range(messages):
        author = visitor if turn % 2 == 0 else ANN
        text = " ".join(chance.choices(WORDS, k=chance.choice(LENGTHS)))
        await submit(
            app, author, conversation, SendMessage(f"{number:015}-{turn:010}", text, False)
        )
        if turn == 0:
            await submit(app, ANN, conversation, Assign(ANN.id, ANN.name))
    await submit(app, ANN, conversation, Close("agent"))


async def add(app: App, visitor: Visitor) -> None:
    async with app.parts.database.write() as connection:
        await visitor_store.add(connection, visitor)


async def submit(app: App, who: Actor, conversation: str, command: Command | Open) -> Outcome:
    request = Request("acme", conversation, who, command)
    return await patiently(lambda: app.parts.conversations.submit(request))


async def patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """As a client does: what cannot be done right now is asked again. On a machine that is taken
    this process gets no time for seconds, and PostgreSQL ends what it had begun."""
    while True:
        try:
            return await ask()
        except Unavailable as error:
            await asyncio.sleep(error.retry_after or 1)


async def settle(app: App) -> None:
    """Until the slices have read everything."""
    while True:
        async with app.parts.database.read() as connection:
            head = (await log.head(connection)).position
            if (await leases.cursor(connection, "transcripts") or 0) >= head:
                return
        await asyncio.sleep(0.2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=12)
    given = parser.parse_args()
    _measure("SQLite", given, lambda _name: nullcontext(""))
    if postgres.is_available():
        with postgres.postgres_server() as server:
            _measure("PostgreSQL", given, lambda name: _database(server, name))


def _measure(engine: str, given: argparse.Namespace, opened: Opened) -> None:
    sizes = []
    for name, chats in (("empty", 0), ("full", given.chats)):
        with tempfile.TemporaryDirectory() as folder, opened(name) as url:
            sizes.append(asyncio.run(grow(Path(folder), chats, given.messages, url)))
    empty, full = sizes
    grown = (full - empty) / given.chats * 1000 / 1e6
    print(
        f"{engine}: {given.chats} chats of {given.messages} messages, {full / 1e6:.1f} MB;", end=" "
    )
    print(f"1,000 such chats take {grown:.1f} MB")


@contextmanager
def _database(server: URL, name: str) -> Iterator[str]:
    own = f"growth_{os.getpid()}_{name}"
    url = asyncio.run(postgres.create_database(server, own))
    try:
        yield url.render_as_string(hide_password=False)
    finally:
        asyncio.run(postgres.drop_database(server, own))


if __name__ == "__main__":
    main()
