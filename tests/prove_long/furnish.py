"""Fills an empty store with one company, its site and its agents, before any node runs."""

from dataclasses import dataclass
from pathlib import Path

from chatserver.config import Settings
from chatserver.identity.installation import Beginning
from chatserver.identity.model import Role
from chatserver.identity.people import Account
from chatserver.parts import open_parts
from tests.prove_long.plan import PASSWORD, Plan

OWNER = "owner@town.example"


@dataclass(frozen=True)
class Company:
    """The site's key, and the addresses that its agents sign in with."""

    site: str
    emails: tuple[str, ...]


async def furnish(plan: Plan, folder: Path) -> Company:
    settings = Settings(data_dir=str(folder), database_url=plan.database_url)
    emails = tuple(f"agent{number}@town.example" for number in range(plan.agents))
    async with open_parts(settings) as parts:
        identity = parts.identity
        wanted = Beginning("Town", "Olga", OWNER, PASSWORD, "Shop", ["https://shop.example"])
        begun = await identity.installation.begin(wanted)
        first = await identity.people.prepare(name="Ann", email=emails[0], password=PASSWORD)
        for number, email in enumerate(emails):
            account = Account(f"Agent {number}", email, first.password_hash)
            async with parts.database.write() as connection:
                await identity.people.create(connection, begun.workspace.id, account, Role.AGENT)
    return Company(begun.site.key, emails)
