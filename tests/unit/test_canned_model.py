"""What may be written into a canned reply."""

import time

import pytest

from chatserver.errors import Invalid
from chatserver.features.canned.model import Draft, checked, fold


def draft(shortcut="hi", title="Welcome", text="Hello"):
    return Draft(shortcut=shortcut, title=title, text=text)


def fields_of(wrong: Draft) -> dict[str, str]:
    with pytest.raises(Invalid) as caught:
        checked(wrong)
    return caught.value.fields


@pytest.mark.parametrize("shortcut", ["hi", "Hi-2_x", "你好", "преви́т", "a" * 32, "ＨＩ"])
def test_a_shortcut_holds_letters_digits_hyphen_and_underscore_of_any_script(shortcut):
    assert checked(draft(shortcut=shortcut)).shortcut


@pytest.mark.parametrize(
    ("shortcut", "code"),
    [("", "required"), ("  ", "required"), ("a" * 33, "too_long")]
    + [(bad, "not_a_shortcut") for bad in ("a b", "/hi", "#hi", "hi!", "a\0b", "a%", "😀", "=1")],
)
def test_a_shortcut_that_could_not_be_typed_in_one_go_is_refused(shortcut, code):
    assert fields_of(draft(shortcut=shortcut)) == {"shortcut": code}


def test_every_wrong_field_is_named_at_once():
    wrong = draft(shortcut="a b", title="t" * 101, text=" ")
    expected = {"shortcut": "not_a_shortcut", "title": "too_long", "text": "required"}
    assert fields_of(wrong) == expected


def test_limits_count_characters_not_bytes():
    assert checked(draft(title="茶" * 100, text="陶" * 4000))
    assert fields_of(draft(text="陶" * 4001)) == {"text": "too_long"}


def test_full_width_and_line_ends_are_stored_in_one_spelling():
    tidy = checked(draft(shortcut="ｈｉ", title=" a \n b ", text="one\r\ntwo\n"))
    assert (tidy.shortcut, tidy.title, tidy.text) == ("hi", "a b", "one\ntwo")


@pytest.mark.parametrize(
    "text",
    [
        "Hello {{visitor.name}}",
        "Hello {{ visitor.name | there }}, {{agent.name}} of {{site.name|us}} {{visitor.email}}",
        "{{visitor.name|您}}好",
    ],
)
def test_the_known_variables_pass_with_and_without_a_fallback(text):
    assert checked(draft(text=text)).text == text


@pytest.mark.parametrize(
    "text", ["{{visitor.phone}}", "{{ self }}", "{{config|x}}", "{{visitor.__class__}}", "{{x}}"]
)
def test_an_unknown_variable_is_refused(text):
    assert fields_of(draft(text=text)) == {"text": "unknown_variable"}


@pytest.mark.parametrize(
    "text", ["{{7*7}}", "{% import os %}", "${7*7}", "{0.__class__}", "<script>x</script>", "{{"]
)
def test_template_syntax_of_other_worlds_is_plain_text(text):
    assert checked(draft(text=text)).text == text


@pytest.mark.parametrize("text", ["a\0b", "a\x1bb", "\ud800"])
def test_control_characters_are_refused(text):
    assert fields_of(draft(text=text)) == {"text": "bad_text"}


@pytest.mark.parametrize("text", ["{{" * 2000, "{{a" + " " * 3990, "{{a|" + "b" * 3990])
def test_hostile_texts_are_read_quickly(text):
    started = time.perf_counter()
    checked(draft(text=text[:4000]))
    assert time.perf_counter() - started < 0.05


def test_folding_forgets_case_and_width():
    assert fold("ＨＩ Straße") == fold("hi STRASSE")
