"""Which passwords are taken, and how they are kept."""

import asyncio

import pytest
from argon2 import extract_parameters

from chatserver.errors import Invalid, Unavailable
from chatserver.identity.passwords import Passwords


@pytest.fixture(scope="module")
def passwords():
    return Passwords(memory_kib=8, rounds=1)


def problem(passwords, typed):
    with pytest.raises(Invalid) as caught:
        passwords.accept(typed, email="annabella@shop.example")
    return caught.value.fields["password"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("nine char", "too_short"),
        ("x" * 257, "too_long"),
        ("password123", "too_common"),
        ("Password!2024", "too_common"),
        ("qwertyuiop", "too_common"),
        ("1234567890", "too_common"),
        ("9182736450", "too_common"),
        ("aaaaaaaaaaaaaa", "too_common"),
        ("abababababab", "too_common"),
        ("annabella@shop.example", "too_common"),
        ("Annabella2024", "too_common"),
        ("ｐａｓｓｗｏｒｄ１２３", "too_common"),
    ],
)
def test_a_weak_password_is_refused(passwords, typed, code):
    assert problem(passwords, typed) == code


@pytest.mark.parametrize(
    "typed",
    ["four words in a row", "正确的马电池订书钉呀吧", "x1" * 50 + "yz§", "🐎🔋📎🎯🎲🎳🎸🎺🎻🥁"],
)
def test_long_and_unicode_passwords_are_taken(passwords, typed):
    passwords.accept(typed, email="ann@shop.example")


def test_the_list_of_common_passwords_is_not_empty(passwords):
    assert len(passwords._common) >= 200


async def test_a_password_opens_in_every_spelling_and_no_other_does(passwords):
    stored = await passwords.hash("Cafe\u0301 au lait ①")
    assert await passwords.verify(stored, "Café au lait 1")
    assert not await passwords.verify(stored, "Cafe au lait 1")
    assert not await passwords.verify(stored, "x" * 10_000_000)
    assert not await passwords.verify("no hash at all", "Café au lait 1")


async def test_an_unknown_account_costs_a_whole_hash(passwords):
    assert not await passwords.verify(None, "anything")
    parameters = extract_parameters(passwords._decoy)
    assert parameters == extract_parameters(await passwords.hash("anything"))


async def test_the_default_is_argon2id_and_stronger_than_the_least():
    strong = Passwords()
    stored = await strong.hash("four words in a row")
    parameters = extract_parameters(stored)
    assert stored.startswith("$argon2id$")
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2
    assert not strong.is_outdated(stored)
    assert strong.is_outdated(await Passwords(memory_kib=8, rounds=1).hash("x"))


async def test_a_flood_of_sign_ins_is_sent_away_instead_of_queued(passwords):
    attempts = (passwords.verify(None, "x") for _ in range(200))
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert results.count(False) == 64
    assert sum(isinstance(result, Unavailable) for result in results) == 136
    assert not await passwords.verify(None, "x")
