"""What counts as the content of a message."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatserver.errors import BadRequest, BadText, ChatError, TextEmpty, TextTooLong
from chatserver.protocol.shared import Limits
from chatserver.protocol.text import check_client_id, check_message, check_text

LIMIT = 4000
LIMITS = Limits(LIMIT, 16384, 100, files=2)


@pytest.mark.parametrize(
    ("given_text", "kept"),
    [
        ("Hello", "Hello"),
        ("  Hello \n\n", "  Hello"),
        ("one\r\ntwo", "one\ntwo"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\x07b\x1bc", "abc"),
        ("a\x7fb\x9bc", "abc"),
        ("Hello \x01", "Hello"),
        ("你好 👋🏽 שלום", "你好 👋🏽 שלום"),
        ("<b>bold</b> & so on", "<b>bold</b> & so on"),
    ],
)
def test_a_text_keeps_its_words_and_loses_what_cannot_be_seen(given_text, kept):
    assert check_text(given_text, LIMIT) == kept


@pytest.mark.parametrize("text", ["", " ", "\n\t ", "\x01\x02", "\u3000"])
def test_a_message_without_a_visible_character_is_empty(text):
    with pytest.raises(TextEmpty):
        check_text(text, LIMIT)


@pytest.mark.parametrize("text", ["a\0b", "a\ud800", "\udfffb"])
def test_what_no_database_can_store_is_refused(text):
    with pytest.raises(BadText):
        check_text(text, LIMIT)


@pytest.mark.parametrize("character", ["a", "你", "👋"])
def test_the_limit_counts_characters(character):
    assert check_text(character * LIMIT, LIMIT) == character * LIMIT
    with pytest.raises(TextTooLong):
        check_text(character * (LIMIT + 1), LIMIT)


def test_white_space_at_the_end_does_not_count():
    assert check_text("a" * LIMIT + "\n\n", LIMIT) == "a" * LIMIT


@given(st.text(st.characters(), max_size=60))
def test_a_checked_text_is_storable_and_checking_it_again_changes_nothing(text):
    try:
        kept = check_text(text, 50)
    except ChatError:
        return
    assert check_text(kept, 50) == kept
    assert kept.encode().decode() == kept
    assert not {c for c in kept if unicodedata.category(c) in ("Cc", "Cs")} - {"\n", "\t"}


@pytest.mark.parametrize("client_id", ["1", "a" * 64, "0190-af:b_c.d"])
def test_a_client_id_is_a_short_visible_word(client_id):
    assert check_client_id(client_id) == client_id


@pytest.mark.parametrize("client_id", ["", "a" * 65, "ü", "a\0", "a\nb", "\x7f"])
def test_another_client_id_is_refused(client_id):
    with pytest.raises(BadText):
        check_client_id(client_id)


def test_a_file_speaks_for_itself():
    assert check_message(" \n", ["a", "b"], LIMITS) == ("", ("a", "b"))
    assert check_message("Look ", ["a"], LIMITS) == ("Look", ("a",))
    with pytest.raises(TextEmpty):
        check_message("", [], LIMITS)


@pytest.mark.parametrize("files", [["a", "b", "c"], ["a", "a"]])
def test_a_message_carries_few_files_and_each_once(files):
    with pytest.raises(BadRequest):
        check_message("Look", files, LIMITS)


def test_where_no_files_are_taken_none_is_accepted():
    with pytest.raises(BadRequest):
        check_message("Look", ["a"], Limits(LIMIT, 16384, 100))
