"""What visitors are asked, once, and what is wrong with what they answer."""

from datetime import UTC, datetime

import pytest

from chatserver.errors import Invalid
from chatserver.identity.forms import Answers, said, to_ask, to_ask_offline
from chatserver.identity.model import Profile, Visitor
from chatserver.identity.profiles import Said
from chatserver.identity.widget import reading
from chatserver.identity.widget.forms import ConsentTo, Field, Forms

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
VERA = Visitor("vera", "acme", "shop", NOW, NOW)
KNOWN = Visitor("vera", "acme", "shop", NOW, NOW, name="Vera", email="v@x.example")
BLANK = Profile("vera")
AGREED = Profile("vera", consent_version="2026-01")
FORMS = Forms(
    before=True,
    fields=(
        Field("name", "name"),
        Field("email", "email", required=True),
        Field("topic", "topic", options=("Orders", "Returns"), required=True),
        Field("order", "text", "Order number"),
        Field("story", "multiline", "What happened?"),
        Field("urgent", "checkbox", "It is urgent"),
    ),
    consent=ConsentTo("I agree", "https://shop.example/privacy", "2026-01"),
)
GOOD = {"email": "V@X.example", "topic": "Orders", "story": "one\r\ntwo \u202e", "urgent": "yes"}


def problems(values, consent="2026-01", visitor=VERA, profile=BLANK):
    with pytest.raises(Invalid) as caught:
        said(to_ask(FORMS, visitor, profile), Answers(values, consent))
    return caught.value.fields


def test_all_is_asked_of_a_stranger_and_nothing_where_the_form_is_off():
    ask = to_ask(FORMS, VERA, BLANK)
    assert (ask.fields, ask.consent) == (FORMS.fields, FORMS.consent)
    assert not to_ask(Forms(), VERA, BLANK).is_needed


def test_nobody_is_asked_twice():
    kept = said(to_ask(FORMS, VERA, BLANK), Answers(GOOD, "2026-01"))
    assert kept == Said(
        email="v@x.example",
        answers={
            "name": "",
            "email": "",
            "topic": "Orders",
            "order": "",
            "story": "one\ntwo",
            "urgent": "yes",
        },
        consent_version="2026-01",
    )
    visitor = Visitor("vera", "acme", "shop", NOW, NOW, email=kept.email)
    profile = Profile("vera", answers=dict(kept.answers), consent_version="2026-01")
    assert not to_ask(FORMS, visitor, profile).is_needed


def test_a_customer_is_asked_for_the_rest_alone_and_anew_for_a_new_version():
    ask = to_ask(FORMS, KNOWN, AGREED)
    assert [field.key for field in ask.fields] == ["topic", "order", "story", "urgent"]
    assert ask.consent is None
    newer = Profile("vera", consent_version="2025-12")
    assert to_ask(FORMS, KNOWN, newer).consent == FORMS.consent


def test_every_wrong_field_is_named_at_once():
    wrong = {
        "email": "nonsense",
        "name": "x" * 101,
        "topic": "Other",
        "order": "x" * 201,
        "story": "x" * 2001,
        "urgent": "maybe",
        "vip": "1",
    }
    assert problems(wrong, consent=None) == {
        "email": "not_an_email",
        "name": "too_long",
        "topic": "unknown",
        "order": "too_long",
        "story": "too_long",
        "urgent": "unknown",
        "vip": "unknown",
        "consent": "required",
    }
    assert problems({}) == {"email": "required", "topic": "required"}
    assert problems(GOOD, consent="2025-12") == {"consent": "changed"}
    assert problems({**GOOD, "email": " \u200b "}) == {"email": "required"}


def test_a_message_for_later_needs_an_address():
    ask = to_ask_offline(FORMS, VERA, AGREED)
    assert [(field.key, field.required) for field in ask.fields] == [
        ("name", False),
        ("email", True),
    ]
    assert to_ask_offline(FORMS, KNOWN, AGREED).fields == ()
    asked_before = Profile("vera", answers={"name": "", "email": ""})
    assert [field.key for field in to_ask_offline(FORMS, VERA, asked_before).fields] == ["email"]


def field(**more):
    return {"key": "order", "kind": "text", "label": "Order"} | more


@pytest.mark.parametrize(
    ("forms", "wrong"),
    [
        ({"fields": [field(key="Order")]}, {"forms.fields.0.key": "bad_name"}),
        ({"fields": [field(key="email")]}, {"forms.fields.0.key": "bad_name"}),
        ({"fields": [field(key="mail", kind="email")]}, {"forms.fields.0.key": "unknown"}),
        ({"fields": [field(label=" ")]}, {"forms.fields.0.label": "required"}),
        ({"fields": [field(), field()]}, {"forms.fields.1.key": "taken"}),
        ({"fields": [field(kind="choice")]}, {"forms.fields.0.options": "required"}),
        ({"fields": [field(kind="file")]}, {"forms.fields.0.kind": "unknown"}),
        ({"fields": [field(key=f"a{n}") for n in range(13)]}, {"forms.fields": "too_long"}),
        ({"consent": {"link": "javascript:alert(1)"}}, {"forms.consent.link": "not_a_link"}),
        ({"consent": {"version": "1"}}, {"forms.consent.text": "required"}),
    ],
)
def test_what_an_owner_may_ask(forms, wrong):
    with pytest.raises(Invalid) as caught:
        reading.changed("{}", {"forms": forms}, 0)
    assert caught.value.fields == wrong
