"""A site's own words: any text of the widget in any language, plain, within limits."""

import json

import pytest

from chatserver.errors import Invalid
from chatserver.identity.widget import reading, texts
from chatserver.identity.widget.text_keys import PLURALS, TEXTS
from chatserver.web.languages import VISITORS


def stored(own):
    return reading.read(reading.changed("{}", {"texts": {"own": own}}, 0)).texts.own


def problems(own):
    with pytest.raises(Invalid) as refused:
        stored(own)
    return refused.value.fields


def test_any_text_of_any_language_can_be_said_differently():
    own = {
        "de": {"title": "Frag {site}", "files/drop": "Her damit"},
        "ar": {"new": {"two": "رسالتان", "few": "{count} رسائل"}},
        "pt-BR": {"launcher/open": "Fale conosco"},
    }
    assert stored(own) == own


def test_what_is_emptied_is_said_in_our_words_again():
    assert stored({"en": {"today": " ", "new": {"one": ""}}, "fr": {}}) == {}


def test_a_place_may_be_left_out_but_none_made_up():
    assert stored({"en": {"status.agent": "You are in good hands"}})
    assert problems({"en": {"status.agent": "{agent} is here"}}) == {
        "texts.own.en.status.agent": "unknown_place"
    }
    assert problems({"en": {"new": {"one": "{n}"}}}) == {"texts.own.en.new.one": "unknown_place"}


@pytest.mark.parametrize(
    ("own", "wrong"),
    [
        ({"tlh": {"today": "DaHjaj"}}, {"texts.own.tlh": "unknown"}),
        ({"auto": {"today": "x"}}, {"texts.own.auto": "unknown"}),
        ({"en": {"no.such.key": "x"}}, {"texts.own.en.no.such.key": "unknown"}),
        ({"en": {"today": {"other": "x"}}}, {"texts.own.en.today": "unknown"}),
        ({"en": {"new": "x"}}, {"texts.own.en.new": "unknown"}),
        ({"en": {"new": {"dozen": "x"}}}, {"texts.own.en.new.dozen": "unknown"}),
        ({"en": {"today": "x" * (texts.TEXT_CHARS + 1)}}, {"texts.own.en.today": "too_long"}),
        (
            {"en": {"today": "{a}", "sent": "x" * 999}, "xx": {}},
            {
                "texts.own.en.today": "unknown_place",
                "texts.own.en.sent": "too_long",
                "texts.own.xx": "unknown",
            },
        ),
    ],
)
def test_what_is_wrong_is_named_all_of_it(own, wrong):
    assert problems(own) == wrong


def test_it_is_plain_text_on_one_line_without_what_cannot_be_seen():
    hostile = "<b>Hi</b>\u202e\n\tthere\x00\u200b"
    assert stored({"en": {"greeting": hostile}}) == {"en": {"greeting": "<b>Hi</b> there"}}


def test_texts_of_a_newer_release_are_kept_and_do_no_harm():
    newer = json.dumps({"texts": {"own": {"en": {"later.key": "x"}}}})
    assert reading.read(newer).texts.own == {"en": {"later.key": "x"}}
    assert reading.read('{"texts": {"own": {"en": 7}}}').texts.own == {}


def test_the_languages_are_those_of_the_widget_and_the_plural_keys_are_keys():
    assert set(texts.LOCALES) == set(VISITORS)
    assert set(TEXTS) >= PLURALS
