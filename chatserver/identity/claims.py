"""A site's word for who its visitor is: a signed token, read and believed or refused. Pure."""

from collections.abc import Sequence
from datetime import datetime
from math import isfinite
from typing import Any

import jwt
import msgspec
from msgspec import Struct

from chatserver.errors import (
    IdentityExpired,
    IdentityInvalid,
    IdentityLifetime,
    IdentityUnknownKey,
    IdentityWrongSite,
    Invalid,
)
from chatserver.identity.attributes import AttributeLimits, Attributes, check_attributes
from chatserver.identity.words import email_address, person_name, phone_number

# A token with an address, a name and the most attributes that a setting may allow is far below it.
TOKEN_CHARS = 16_384
SUBJECT_CHARS = 200
# Clocks of servers that set themselves by the network are closer than this.
SKEW_SECONDS = 30


class VerifyingKey(Struct, frozen=True):
    """What a token is checked with: a secret for HS256, a public key in PEM for ES256."""

    id: str
    algorithm: str
    secret: str


class Claims(Struct, frozen=True):
    """What the site vouches for. `subject` is the site's own name for its customer."""

    subject: str
    name: str | None = None
    email: str | None = None
    phone: str | None = None
    attributes: Attributes = msgspec.field(default_factory=dict)


class ClaimRules(Struct, frozen=True):
    """`life_seconds`: how far ahead a token may end."""

    life_seconds: int
    attributes: AttributeLimits


def read_claims(
    token: str, keys: Sequence[VerifyingKey], *, site_key: str, now: datetime, rules: ClaimRules
) -> Claims:
    """What the token says, once it is believed. Raises an IdentityRefused."""
    if len(token) > TOKEN_CHARS:
        raise IdentityInvalid("the token is too long")
    payload = _verified(token, keys)
    _check_times(payload, now.timestamp(), rules.life_seconds)
    _check_audience(payload.get("aud"), site_key)
    return _claims(payload, rules.attributes)


def _verified(token: str, keys: Sequence[VerifyingKey]) -> dict[str, Any]:
    """Each key goes with its one algorithm: what the token's header says never chooses how it is
    checked, and `none`, `jku`, `x5u` and the like mean nothing."""
    for key in _candidates(token, keys):
        try:
            return jwt.decode(
                token,
                key.secret,
                algorithms=[key.algorithm],
                options={
                    "require": ["exp", "iat", "sub"],
                    # Looked at below, by the clock that was handed in.
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                    "verify_aud": False,
                },
            )
        except jwt.MissingRequiredClaimError as error:
            raise IdentityInvalid(f"the token lacks {error.claim}") from error
        except (jwt.InvalidSignatureError, jwt.InvalidAlgorithmError, jwt.InvalidKeyError):
            continue
        except jwt.InvalidTokenError as error:
            raise IdentityInvalid(f"the token cannot be read: {error}") from error
    raise IdentityUnknownKey


def _candidates(token: str, keys: Sequence[VerifyingKey]) -> list[VerifyingKey]:
    """The key that the token names, else all of the site's. `kid` is compared, never looked up."""
    try:
        named = jwt.get_unverified_header(token).get("kid")
    except jwt.InvalidTokenError as error:
        raise IdentityInvalid("this is no JSON Web Token") from error
    return [key for key in keys if named is None or key.id == named]


def _check_times(payload: dict[str, Any], now: float, life_seconds: int) -> None:
    exp, iat, nbf = (payload.get(name, 0) for name in ("exp", "iat", "nbf"))
    # Not a number is neither before nor after anything, so it would pass every comparison.
    if not all(type(moment) in (int, float) and isfinite(moment) for moment in (exp, iat, nbf)):
        raise IdentityInvalid("exp, iat and nbf are seconds since 1970")
    if exp <= now:
        raise IdentityExpired
    if iat > now + SKEW_SECONDS or nbf > now + SKEW_SECONDS:
        raise IdentityInvalid("the token is from the future: a clock is wrong")
    if exp > now + life_seconds + SKEW_SECONDS or exp - iat > life_seconds + SKEW_SECONDS:
        raise IdentityLifetime(f"a token may live for {life_seconds} seconds at most")


def _check_audience(audience: object, site_key: str) -> None:
    if audience is None:
        return
    named = audience if isinstance(audience, list) else [audience]
    if site_key not in named:
        raise IdentityWrongSite


def _claims(payload: dict[str, Any], limits: AttributeLimits) -> Claims:
    subject = payload["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_CHARS:
        raise IdentityInvalid(f"sub is a text of 1 to {SUBJECT_CHARS} characters")
    if not subject.isprintable() or subject != subject.strip():
        raise IdentityInvalid("sub holds characters that cannot be seen")
    try:
        return Claims(
            subject=subject,
            name=_optional(payload, "name", person_name),
            email=_optional(payload, "email", email_address),
            phone=_optional(payload, "phone", phone_number),
            attributes=check_attributes(payload.get("attributes") or {}, limits),
        )
    except Invalid as error:
        wrong = ", ".join(f"{name}: {why}" for name, why in error.fields.items())
        raise IdentityInvalid(f"a claim is wrong: {wrong}", fields=error.fields) from error


def _optional(payload: dict[str, Any], name: str, check: Any) -> str | None:
    value = payload.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Invalid(fields={name: "not_a_text"})
    clean: str = check(value, name)
    return clean
