"""A visitor whom a site vouches for becomes its customer: known on every browser, and by nobody who
only says so.

On a site a customer is one visitor, whatever browser they come from. Whoever was anonymous until
now goes over into that visitor: the tokens from before end, because somebody else may hold them,
and the conversations from before follow (`realtime/joining`).
"""

from datetime import datetime

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection

from chatserver.clock import Clock
from chatserver.identity import customer_store, profile_store, visitor_store, workspace_store
from chatserver.identity.claims import ClaimRules, Claims, read_claims
from chatserver.identity.identity_keys import IdentityKeys
from chatserver.identity.model import Arrival, Customer, Profile, Site, Visitor
from chatserver.identity.visitor_store import Token
from chatserver.identity.visitor_tokens import VisitorTokens
from chatserver.ids import Ids

SIGNED = ("name", "email", "phone")


class Vouching:
    """Reads a site's word, and gives its customer a visitor and a token."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        keys: IdentityKeys,
        tokens: VisitorTokens,
        rules: ClaimRules,
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._keys = keys
        self._tokens = tokens
        self._rules = rules

    async def claims(self, site: Site, identity: str) -> Claims:
        """Raises IdentityRefused."""
        keys = await self._keys.verifying(site.workspace_id, site.id)
        now = self._clock.now()
        return read_claims(identity, keys, site_key=site.key, now=now, rules=self._rules)

    async def arrive(
        self,
        connection: AsyncConnection,
        site: Site,
        claims: Claims,
        *,
        token: Token | None,
        seen: dict[str, object],
    ) -> Arrival:
        """The customer's visitor on this site, in the caller's transaction. `token`: what the
        browser held, of this site."""
        customer = await self._customer(connection, site.workspace_id, claims)
        visitor = await self._visitor(connection, site, customer)
        values = seen | {
            name: getattr(customer, name) for name in SIGNED if getattr(customer, name)
        }
        if token and token.visitor_id != visitor.id:
            values = await self._take_over(connection, visitor, token) | values
        changed = await visitor_store.change(connection, site.workspace_id, visitor.id, values)
        visitor = changed or visitor
        if token and token.visitor_id == visitor.id:
            secret, ends_at = await self._tokens.use(connection, visitor, token)
        else:
            secret, ends_at = await self._tokens.issue(connection, visitor)
        former = await visitor_store.former(connection, site.workspace_id, visitor.id)
        return Arrival(visitor, site, secret, ends_at, former)

    async def _customer(
        self, connection: AsyncConnection, workspace_id: str, claims: Claims
    ) -> Customer:
        find = customer_store.by_external_id
        known = await find(connection, workspace_id, claims.subject)
        if known is None:
            await workspace_store.lock(connection, workspace_id)
            known = await find(connection, workspace_id, claims.subject)
        now = self._clock.now()
        if known is None:
            new = Customer(
                id=self._ids.new(),
                workspace_id=workspace_id,
                external_id=claims.subject,
                created_at=now,
                identified_at=now,
            )
            customer = _signed(new, claims, now)
            await customer_store.add(connection, customer)
            return customer
        customer = _signed(known, claims, now)
        await customer_store.replace(connection, customer)
        return customer

    async def _visitor(
        self, connection: AsyncConnection, site: Site, customer: Customer
    ) -> Visitor:
        key = (site.workspace_id, site.id, customer.id)
        known = await visitor_store.of_customer(connection, *key)
        if known is None:
            await workspace_store.lock(connection, site.workspace_id)
            known = await visitor_store.of_customer(connection, *key)
        if known is not None:
            return known
        now = self._clock.now()
        visitor = Visitor(
            self._ids.new(),
            site.workspace_id,
            site.id,
            created_at=now,
            seen_at=now,
            customer_id=customer.id,
        )
        await visitor_store.add(connection, visitor)
        return visitor

    async def _take_over(
        self, connection: AsyncConnection, visitor: Visitor, token: Token
    ) -> dict[str, object]:
        """What the anonymous visitor of this browser said goes over, where the customer said
        nothing yet. Another customer's visitor, who did not log out, keeps everything."""
        key = (visitor.workspace_id, token.visitor_id)
        before = (await visitor_store.get(connection, key[0], [key[1]])).get(key[1])
        if before is None or before.customer_id is not None or before.merged_into is not None:
            await visitor_store.end_token(connection, token)
            return {}
        await visitor_store.end_tokens(connection, *key)
        merged = {"merged_into": visitor.id, "merged_at": self._clock.now()}
        await visitor_store.change(connection, *key, merged)
        ours = await profile_store.find(connection, visitor.workspace_id, visitor.id)
        theirs = await profile_store.find(connection, *key)
        if before.email:
            # Only told: whoever planted the token may have said it, and mails with a way into the
            # chat go to a visitor's own address.
            theirs = theirs or Profile(before.id)
            answers = {**theirs.answers, "email": before.email}
            theirs = msgspec.structs.replace(theirs, answers=answers)
        if theirs is not None:
            await profile_store.save(connection, key[0], _joined(visitor.id, ours, theirs))
        return {
            name: getattr(before, name)
            for name in ("name", "phone")
            if getattr(before, name) and not getattr(visitor, name)
        }


def _signed(customer: Customer, claims: Claims, now: datetime) -> Customer:
    """Everything is as it was signed last: what is not claimed any more is gone."""
    return msgspec.structs.replace(
        customer,
        identified_at=now,
        name=claims.name,
        email=claims.email,
        phone=claims.phone,
        attributes=claims.attributes,
    )


def _joined(visitor_id: str, ours: Profile | None, theirs: Profile) -> Profile:
    """The newer words win: the visitor just said them in this browser."""
    ours = ours or Profile(visitor_id)
    has_newer_consent = theirs.consent_at is not None and (
        ours.consent_at is None or theirs.consent_at > ours.consent_at
    )
    consent = theirs if has_newer_consent else ours
    return Profile(
        visitor_id,
        attributes=ours.attributes | theirs.attributes,
        answers=ours.answers | theirs.answers,
        consent_version=consent.consent_version,
        consent_at=consent.consent_at,
    )
