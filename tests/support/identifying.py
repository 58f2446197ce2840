"""What a site's own server does for a customer who is signed in there."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import jwt

from tests.support.sockets import Place, open_staff

OWNER = "olivia@teahouse.example"


@asynccontextmanager
async def key_of(service: Place, site: str) -> AsyncIterator[str]:
    """The secret of a key of that site, made by its owner and taken back at the end."""
    async with open_staff(service, OWNER) as owner:
        (shop,) = [one for one in (await owner.get("/api/sites"))["items"] if one["key"] == site]
        made = await owner.post(f"/api/sites/{shop['id']}/identity-keys")
        secret: str = made["secret"]
        yield secret
        await owner.client.delete(f"/api/identity-keys/{made['id']}")


def signed(secret: str, customer: str, **claims: object) -> str:
    now = int(time.time())
    return jwt.encode({"sub": customer, "iat": now, "exp": now + 300, **claims}, secret)
