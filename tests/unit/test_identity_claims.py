"""A site's signed word: what is believed, and every way in which it is not."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chatserver.errors import (
    IdentityExpired,
    IdentityInvalid,
    IdentityLifetime,
    IdentityRefused,
    IdentityUnknownKey,
    IdentityWrongSite,
)
from chatserver.identity.attributes import AttributeLimits
from chatserver.identity.claims import ClaimRules, VerifyingKey, read_claims

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
SECRET = "s" * 43
OTHER = "o" * 43
RULES = ClaimRules(300, AttributeLimits(5, 200))
HS = VerifyingKey("key-1", "HS256", SECRET)


def pair():
    private = ec.generate_private_key(ec.SECP256R1())
    public = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, VerifyingKey("key-2", "ES256", public.decode())


def signed(secret=SECRET, algorithm="HS256", headers=None, **claims):
    payload = {"sub": "42", "iat": AT, "exp": AT + 300} | claims
    kept = {name: value for name, value in payload.items() if value is not None}
    return jwt.encode(kept, secret, algorithm=algorithm, headers=headers)


def read(token, *keys, site_key="shop"):
    return read_claims(token, keys or (HS,), site_key=site_key, now=NOW, rules=RULES)


def by_hand(header, payload, signature=b""):
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


SUBJECTS = ["", " ", " 42", "x" * 201, "a\x00b", "a\u202eb", 42, True, [], {}]
NO_TOKENS = ["", ".", "..", "a.b", "a.b.c", "é.é.é", "\x00", "e30.e30.e30", "x" * 20000]
PAYLOAD = {"sub": "42", "iat": AT, "exp": AT + 300}


def test_what_a_site_signs_is_believed():
    claims = read(
        signed(
            name=" Vera  Blau ",
            email="Vera@Shop.Example",
            phone="+49 30 1234",
            attributes={"plan": "gold", "orders": 3, "vip": True},
        )
    )
    assert (claims.subject, claims.name, claims.email) == ("42", "Vera Blau", "vera@shop.example")
    assert claims.phone == "+49 30 1234"
    assert claims.attributes == {"plan": "gold", "orders": 3, "vip": True}


def test_a_pair_of_keys_signs_as_well_and_two_keys_hold_at_once():
    private, public = pair()
    assert read(signed(private, "ES256"), HS, public).subject == "42"
    assert read(signed(), public, HS).subject == "42"
    assert read(signed(private, "ES256", {"kid": "key-2"}), HS, public).subject == "42"


@pytest.mark.parametrize("kid", ["key-3", "../key-1", "key-1\x00", "' OR 1=1", ["key-1"], {}, 7])
def test_a_key_that_the_token_names_is_compared_and_never_looked_up(kid):
    header = {"alg": "HS256", "typ": "JWT", "kid": kid}
    with pytest.raises(IdentityRefused):
        read(by_hand(header, PAYLOAD))
    if isinstance(kid, str):
        with pytest.raises(IdentityUnknownKey):
            read(signed(headers={"kid": kid}))


def test_a_signature_of_somebody_else_is_refused():
    with pytest.raises(IdentityUnknownKey):
        read(signed(OTHER))
    token = signed()
    changed = by_hand({"alg": "HS256"}, PAYLOAD | {"sub": "1"}).split(".")[1]
    head, _, signature = token.split(".")
    with pytest.raises(IdentityUnknownKey):
        read(f"{head}.{changed}.{signature}")


def test_without_any_key_nobody_is_believed():
    with pytest.raises(IdentityUnknownKey):
        read_claims(signed(), [], site_key="shop", now=NOW, rules=RULES)


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", "HS384", "RS256", None, 0])
def test_the_algorithm_of_the_token_chooses_nothing(alg):
    with pytest.raises(IdentityRefused):
        read(by_hand({"alg": alg, "typ": "JWT"}, PAYLOAD))
    with pytest.raises(IdentityRefused):
        read(by_hand({"alg": alg, "typ": "JWT"}, PAYLOAD, b"x" * 32))


def test_a_public_key_is_no_secret():
    """The classic confusion: signed as HS256 with the text of the public key."""
    _, public = pair()
    for padding in ("", "\n"):
        secret = (public.secret.strip() + padding).encode()
        unsigned = by_hand({"alg": "HS256", "typ": "JWT"}, PAYLOAD).rsplit(".", 1)[0]
        mac = hmac.new(secret, unsigned.encode(), hashlib.sha256).digest()
        forged = f"{unsigned}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
        with pytest.raises(IdentityUnknownKey):
            read(forged, public)


def test_keys_and_addresses_in_the_header_mean_nothing():
    private, _ = pair()
    numbers = private.public_key().public_numbers()
    own = {"kty": "EC", "crv": "P-256", "x": str(numbers.x), "y": str(numbers.y)}
    for more in ({"jwk": own}, {"jku": "https://evil.example/keys"}, {"x5u": "//evil.example"}):
        with pytest.raises(IdentityUnknownKey):
            read(signed(private, "ES256", more), pair()[1])


def test_it_ends_when_it_says():
    with pytest.raises(IdentityExpired):
        read(signed(exp=AT))
    with pytest.raises(IdentityExpired):
        read(signed(iat=AT - 600, exp=AT - 300))


def test_it_lives_for_five_minutes_at_most():
    for wrong in ({"exp": AT + 86400}, {"iat": AT - 3600, "exp": AT + 200}):
        with pytest.raises(IdentityLifetime):
            read(signed(**wrong))


@pytest.mark.parametrize("name", ["exp", "iat", "sub"])
def test_what_every_token_needs(name):
    with pytest.raises(IdentityInvalid):
        read(signed(**{name: None}))


@pytest.mark.parametrize("wrong", ["soon", True, [], {}, float("nan"), float("inf"), -float("inf")])
@pytest.mark.parametrize("name", ["exp", "iat", "nbf"])
def test_times_are_numbers(name, wrong):
    with pytest.raises(IdentityRefused):
        read(signed(**{name: wrong}))


def test_it_is_not_from_the_future():
    for wrong in ({"iat": AT + 120, "exp": AT + 300}, {"nbf": AT + 120}):
        with pytest.raises(IdentityInvalid):
            read(signed(**wrong))
    assert read(signed(iat=AT + 5, nbf=AT + 5, exp=AT + 300)).subject == "42"


def test_another_sites_token_is_refused():
    for audience in ("stall", ["stall", "mall"], "", 0, {}, "shop "):
        with pytest.raises(IdentityWrongSite):
            read(signed(aud=audience))
    assert read(signed(aud="shop")).subject == "42"
    assert read(signed(aud=["stall", "shop"])).subject == "42"


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_customer_has_a_plain_name(subject):
    header = {"alg": "HS256", "typ": "JWT"}
    unsigned = by_hand(header, PAYLOAD | {"sub": subject}).rsplit(".", 1)[0]
    mac = hmac.new(SECRET.encode(), unsigned.encode(), hashlib.sha256).digest()
    token = f"{unsigned}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
    with pytest.raises(IdentityRefused):
        read(token)


@pytest.mark.parametrize(
    ("claims", "field"),
    [
        ({"email": "nonsense"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"name": "x" * 101}, "name"),
        ({"name": 7}, "name"),
        ({"attributes": [1]}, "attributes"),
        ({"attributes": {"a": {"b": 1}}}, "attributes.a"),
        ({"attributes": {f"a{n}": 1 for n in range(6)}}, "attributes"),
        ({"attributes": {"a": "x" * 250}}, "attributes"),
        ({"attributes": {"<b>": 1}}, "attributes.<b>"),
    ],
)
def test_a_claim_that_cannot_be_kept_is_named(claims, field):
    with pytest.raises(IdentityInvalid) as caught:
        read(signed(**claims))
    assert set(caught.value.fields) == {field}


@pytest.mark.parametrize("token", NO_TOKENS)
def test_what_is_no_token_is_refused(token):
    with pytest.raises(IdentityRefused):
        read(token)
