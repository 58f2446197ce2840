"""The keys with which sites vouch for their visitors: made here, seen once, rotated."""

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chatserver.clock import Clock
from chatserver.errors import NotFound, Rejected
from chatserver.identity import identity_key_store as store
from chatserver.identity import record, site_store
from chatserver.identity.claims import VerifyingKey
from chatserver.identity.model import AgentSession, Algorithm, IdentityKey, NewIdentityKey
from chatserver.identity.sealing import Sealing
from chatserver.ids import Ids, new_secret
from chatserver.storage import log
from chatserver.storage.database import Database

# The one in use, and the one that takes its place.
AT_ONCE = 2


class IdentityKeys:
    """Makes, lists and ends them."""

    def __init__(self, *, database: Database, clock: Clock, ids: Ids, sealing: Sealing) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._sealing = sealing

    async def add(self, by: AgentSession, site_id: str, algorithm: Algorithm) -> NewIdentityKey:
        """The key with its secret, which nobody can see a second time. Raises NotFound, or Rejected
        when the site has two."""
        shown, kept = _made(algorithm)
        key = IdentityKey(
            id=self._ids.new(),
            workspace_id=by.workspace_id,
            site_id=site_id,
            algorithm=algorithm,
            sealed=self._sealing.seal(kept),
            created_at=self._clock.now(),
            created_by=by.agent_id,
        )
        async with self._database.write() as connection:
            # The site's row is locked by this, so that two owners do not make a third key.
            if await site_store.find(connection, by.workspace_id, site_id) is None:
                raise NotFound
            if len(await store.list_keys(connection, by.workspace_id, site_id)) >= AT_ONCE:
                raise Rejected(f"a site has at most {AT_ONCE} keys; remove the old one first")
            await store.add(connection, key)
            await log.append(connection, [self._fact("identity_key.added", key, by.agent_id)])
        return NewIdentityKey(key, shown)

    async def remove(self, by: AgentSession, key_id: str) -> None:
        """What it signed is not believed from now on. Raises NotFound."""
        async with self._database.write() as connection:
            key = await store.remove(connection, by.workspace_id, key_id)
            if key is None:
                raise NotFound
            await log.append(connection, [self._fact("identity_key.removed", key, by.agent_id)])

    async def verifying(self, workspace_id: str, site_id: str) -> list[VerifyingKey]:
        """What tokens of the site are checked with."""
        opened = [
            (key, self._sealing.open(key.sealed)) for key in await self.list(workspace_id, site_id)
        ]
        return [VerifyingKey(key.id, key.algorithm, text) for key, text in opened if text]

    async def list(self, workspace_id: str, site_id: str) -> list[IdentityKey]:
        async with self._database.read() as connection:
            return await store.list_keys(connection, workspace_id, site_id)

    def _fact(self, kind: str, key: IdentityKey, by: str) -> log.Entry:
        return record.entry(
            kind,
            workspace_id=key.workspace_id,
            by=by,
            at=self._clock.now(),
            site=key.site_id,
            key=key.id,
            algorithm=key.algorithm,
        )


def _made(algorithm: Algorithm) -> tuple[str, str]:
    """What its owner gets, and what we keep: of a pair only the public half."""
    if algorithm is Algorithm.HS256:
        secret = new_secret()
        return secret, secret
    pair = ec.generate_private_key(ec.SECP256R1())
    private = pair.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = pair.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private.decode(), public.decode()
