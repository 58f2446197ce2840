"""What visitors and the pages around them say without a signature: kept, shown as unverified, and
never believed."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.errors import Invalid, NotFound
from chatserver.identity import customer_store, profile_store, visitor_store
from chatserver.identity.attributes import AttributeLimits, merged
from chatserver.identity.model import Customer, Profile, Visitor
from chatserver.identity.words import email_address, one_line, phone_number
from chatserver.storage.database import Database

NAME_CHARS = 100


class Said(Struct, frozen=True):
    """What is said now; None and empty change nothing. In `attributes` null takes one away."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    attributes: Mapping[str, object] = {}
    answers: Mapping[str, str] = {}
    consent_version: str | None = None


class Profiles:
    """Keeps and reads it."""

    def __init__(self, *, database: Database, clock: Clock, limits: AttributeLimits) -> None:
        self._database = database
        self._clock = clock
        self._limits = limits

    async def say(self, workspace_id: str, visitor_id: str, said: Said) -> Visitor:
        """Raises Invalid, naming every field that is wrong, or NotFound. What the site signed stays
        as it was signed."""
        said_now: dict[str, object] = {**_checked(said)}
        async with self._database.write() as connection:
            before = (await visitor_store.get(connection, workspace_id, [visitor_id])).get(
                visitor_id
            )
            if before is None:
                raise NotFound
            signed = await self._customer(connection, before)
            values = {
                name: value
                for name, value in said_now.items()
                if signed is None or not getattr(signed, name)
            }
            await self._save(connection, before, said)
            values["seen_at"] = self._clock.now()
            after = await visitor_store.change(connection, workspace_id, visitor_id, values)
        return after or before

    async def find(
        self, workspace_id: str, visitor_id: str
    ) -> tuple[Visitor, Profile, Customer | None]:
        """Raises NotFound."""
        async with self._database.read() as connection:
            found = await visitor_store.get(connection, workspace_id, [visitor_id])
            if visitor_id not in found:
                raise NotFound
            visitor = found[visitor_id]
            profile = await profile_store.find(connection, workspace_id, visitor_id)
            customer = await self._customer(connection, visitor)
        return visitor, profile or Profile(visitor_id), customer

    async def _customer(self, connection: AsyncConnection, visitor: Visitor) -> Customer | None:
        if visitor.customer_id is None:
            return None
        found = await customer_store.get(connection, visitor.workspace_id, [visitor.customer_id])
        return found.get(visitor.customer_id)

    async def _save(self, connection: AsyncConnection, visitor: Visitor, said: Said) -> None:
        if not (said.attributes or said.answers or said.consent_version):
            return
        key = (visitor.workspace_id, visitor.id)
        before = await profile_store.find(connection, *key) or Profile(visitor.id)
        after = msgspec.structs.replace(
            before,
            attributes=merged(before.attributes, said.attributes, self._limits),
            answers={**before.answers, **said.answers},
        )
        if said.consent_version and said.consent_version != before.consent_version:
            after = msgspec.structs.replace(
                after, consent_version=said.consent_version, consent_at=self._clock.now()
            )
        if after != before:
            await profile_store.save(connection, key[0], after)


def _checked(said: Said) -> dict[str, str]:
    """Raises Invalid with all that is wrong at once: a form shows it all at once."""
    values: dict[str, str] = {}
    problems: dict[str, str] = {}
    for name, check in (("name", _name), ("email", email_address), ("phone", phone_number)):
        text = getattr(said, name)
        if text is None or not text.strip():
            continue
        try:
            values[name] = check(text)
        except Invalid as error:
            problems |= error.fields
    if problems:
        raise Invalid(fields=problems)
    return {name: value for name, value in values.items() if value}


def _name(text: str) -> str:
    """Empty when nothing of it can be seen: then nothing was said."""
    tidy = one_line(text, NAME_CHARS + 1)
    if len(tidy) > NAME_CHARS:
        raise Invalid(fields={"name": "too_long"})
    return tidy
