"""The named world with a mail server that does as it is told, and the slice between them."""

from sqlalchemy import select

from chatserver.config import Settings
from chatserver.features import mail
from chatserver.features.mail.store import mail_outbox
from chatserver.mail import Mail
from chatserver.runner import Runner
from chatserver.storage.schema import timers

HELLO = Mail("test", "bo@new.example", "Hello", "Hello Bo", "<p>Hello Bo</p>")


class Stage:
    """The world with the slice, its runner, and a mail server that does as it is told."""

    def __init__(self, world, port, **settings):
        chosen = {"mail_from": "Shop <chat@shop.example>", "smtp_host": "127.0.0.1"}
        self.world = world
        self.slice = mail.build(
            database=world.database,
            clock=world.clock,
            ids=world.ids,
            settings=Settings(
                **{"smtp_port": port, "smtp_security": "none", "smtp_seconds": 5.0}
                | chosen
                | settings
            ),
        )
        self.runner = Runner(
            database=world.database,
            clock=world.clock,
            ids=world.ids,
            features=[self.slice.feature],
        )

    async def send(self, letter=HELLO, workspace_id="acme"):
        async with self.world.database.write() as connection:
            return await self.slice.action.send(connection, workspace_id, letter)

    async def ring(self):
        while await self.runner.run_once():
            pass

    async def settle(self, **later):
        """Lets time pass, the timers ring and the post carry."""
        self.world.clock.advance(**later)
        await self.ring()
        await self.slice.post.carry_all()

    async def letters(self):
        async with self.world.database.read() as connection:
            query = select(
                mail_outbox.c.state,
                mail_outbox.c.attempts,
                mail_outbox.c.error,
                mail_outbox.c.next_at,
                mail_outbox.c.text,
                mail_outbox.c.html,
            ).where(mail_outbox.c.workspace_id == "acme")
            return (await connection.execute(query)).all()

    async def letter(self):
        (letter,) = await self.letters()
        return letter

    async def timers(self):
        async with self.world.database.read() as connection:
            query = select(timers.c.key).where(timers.c.slice == "mail")
            return list((await connection.execute(query)).scalars())
